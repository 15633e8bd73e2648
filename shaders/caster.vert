// SPDX-License-Identifier: Apache-2.0
layout (location = 0) in vec3 a_position;

uniform mat4 u_view_projection;

out float v_height;

void
main ()
{
  vec3 world = instance_point (a_position);

  v_height = world.y;
  gl_Position = u_view_projection * vec4 (world, 1.0);
}
