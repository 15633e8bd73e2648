// SPDX-License-Identifier: Apache-2.0
// Where an instance stands and how it looks; put before every vertex shader
// of instances. With ROTOR defined the mesh turns about its shaft.
layout (location = 4) in vec4 a_place;  // x, z, scale · cos and sin of the yaw
layout (location = 5) in vec3 a_rotor;  // angle at the epoch, rad/s, scale
layout (location = 6) in vec4 a_colour; // a: 0 plain, ½ dashed, 1 hatched

#ifdef ROTOR
uniform float u_seconds; // since the epoch
uniform float u_shaft;   // height of the shaft of this shape
#endif

vec3
instance_direction (vec3 d)
{
#ifdef ROTOR
  float angle = a_rotor.x + a_rotor.y * u_seconds;
  float c = cos (angle), s = sin (angle);
  d.xy = vec2 (d.x * c - d.y * s, d.x * s + d.y * c);
#endif
  return vec3 (d.x * a_place.z + d.z * a_place.w, d.y * a_rotor.z,
               d.z * a_place.z - d.x * a_place.w);
}

vec3
instance_point (vec3 p)
{
  vec3 world = instance_direction (p) + vec3 (a_place.x, 0.0, a_place.y);
#ifdef ROTOR
  world.y += u_shaft * a_rotor.z;
#endif
  return world;
}
