// SPDX-License-Identifier: Apache-2.0
layout (location = 0) in vec2 a_floor; // x, z
layout (location = 1) in vec3 a_data;  // lane, or u, v of a text

uniform mat4 u_view_projection;

out vec2 v_floor;
out vec3 v_data;

void
main ()
{
  v_floor = a_floor;
  v_data = a_data;
  gl_Position = u_view_projection * vec4 (a_floor.x, 0.0, a_floor.y, 1.0);
}
