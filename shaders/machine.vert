// SPDX-License-Identifier: Apache-2.0
layout (location = 0) in vec3 a_position;
layout (location = 1) in vec4 a_normal;
layout (location = 2) in vec4 a_part; // plate, openness, brightness

uniform mat4 u_view_projection;
uniform mat4 u_shadow_matrix;
uniform vec3 u_plate;

out vec3 v_normal;
out vec3 v_shadow;
out vec2 v_light;        // openness; or ambient light and key light
flat out vec4 v_colour; // a: 1 where hatched

#ifdef COARSE
uniform vec3 u_light;
uniform vec4 u_shade; // ambient, sky, key, occlusion
#endif

void
main ()
{
  vec3 world = instance_point (a_position);
  bool plate = a_part.x > 0.002;

  v_colour = plate ? vec4 (u_plate, 0.0)
                   : vec4 (a_colour.rgb * a_part.z, step (0.8, a_colour.a));
  v_normal = instance_direction (a_normal.xyz);
#ifdef COARSE
  vec3 normal = normalize (v_normal);
  v_light.x = (u_shade.x + u_shade.y * normal.y)
              * mix (1.0, a_part.y, u_shade.w);
  v_light.y = u_shade.z * max (0.0, dot (normal, u_light));
#else
  v_light = vec2 (a_part.y, 0.0);
#endif
  v_shadow = (u_shadow_matrix * vec4 (world + v_normal * 0.03, 1.0)).xyz;
  gl_Position = u_view_projection * vec4 (world, 1.0);
}
