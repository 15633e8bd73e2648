// SPDX-License-Identifier: Apache-2.0
layout (location = 0) in vec3 a_position;
layout (location = 1) in vec4 a_normal_a; // w: 1 on a crease
layout (location = 2) in vec4 a_normal_b; // w: 1 for a fine edge

uniform mat4 u_view_projection;
uniform vec3 u_eye;
uniform vec2 u_fade; // pixels a metre at distance 1; pixels at full strength

flat out vec2 v_edge; // strength, 1 where dashed

void
main ()
{
  vec3  world = instance_point (a_position);
  vec3  to_eye = u_eye - world;
  float a = dot (instance_direction (a_normal_a.xyz), to_eye);
  float b = dot (instance_direction (a_normal_b.xyz), to_eye);
  bool  crease = a_normal_a.w > 0.5 && max (a, b) > 0.0;
  float size = u_fade.x * a_place.w / length (to_eye);

  gl_Position = u_view_projection * vec4 (world, 1.0);
  vec4  nearer = u_view_projection * vec4 (world + to_eye * 0.002, 1.0);
  gl_Position.z = nearer.z / nearer.w * gl_Position.w;
  size /= u_fade.y * (a_normal_b.w > 0.5 ? 3.0 : 1.0);
  v_edge = vec2 (clamp (size, 0.0, 1.0) * (a_normal_b.w > 0.5 ? 0.7 : 1.0),
                 a_look.x == 6u ? 1.0 : 0.0);
  if (!crease && a * b > 0.0)
    gl_Position = vec4 (2.0, 2.0, 2.0, 1.0); // out of sight, both ends alike
}
