// SPDX-License-Identifier: Apache-2.0
flat in vec2 v_edge;

uniform vec4 u_ink;
uniform float u_pixel;

out vec4 o_colour;

void
main ()
{
  if (v_edge.y > 0.5
      && mod (floor (gl_FragCoord.x / (3.0 * u_pixel))
                  + floor (gl_FragCoord.y / (3.0 * u_pixel)), 2.0) > 0.5)
    discard;
  o_colour = vec4 (u_ink.rgb, u_ink.a * v_edge.x);
}
