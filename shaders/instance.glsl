// SPDX-License-Identifier: Apache-2.0
// Where an instance stands and how it looks; put before every vertex shader.
layout (location = 4) in vec4 a_place; // x, z, yaw, scale
layout (location = 5) in vec2 a_rotor; // angle at the epoch, rad/s
layout (location = 6) in uvec4 a_look; // state, highlighted, level, 0

uniform float u_turning; // 1 for a rotor's mesh, 0 for a body's
uniform float u_seconds; // since the epoch
uniform float u_shaft;   // height of the shaft of this shape

vec2
turn (vec2 p, float angle)
{
  float c = cos (angle), s = sin (angle);
  return vec2 (p.x * c - p.y * s, p.x * s + p.y * c);
}

vec3
instance_direction (vec3 d)
{
  if (u_turning > 0.5)
    d.xy = turn (d.xy, a_rotor.x + a_rotor.y * u_seconds);
  d.zx = turn (d.zx, a_place.z);
  return d;
}

vec3
instance_point (vec3 p)
{
  if (u_turning > 0.5)
    {
      p.xy = turn (p.xy, a_rotor.x + a_rotor.y * u_seconds);
      p.y += u_shaft;
    }
  p.zx = turn (p.zx, a_place.z);
  return p * a_place.w + vec3 (a_place.x, 0.0, a_place.y);
}
