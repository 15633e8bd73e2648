// SPDX-License-Identifier: Apache-2.0
out vec2 v_uv;

void
main ()
{
  vec2 corner = vec2 (float (gl_VertexID & 1), float (gl_VertexID >> 1));

  v_uv = corner * 2.0;
  gl_Position = vec4 (corner * 4.0 - 1.0, 0.0, 1.0);
}
