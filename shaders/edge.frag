// SPDX-License-Identifier: Apache-2.0
flat in vec2 v_edge;
in float v_across;

uniform vec4 u_ink;
uniform float u_pixel;
uniform vec3 u_viewport;

out vec4 o_colour;

void
main ()
{
  if (v_edge.y > 0.5
      && mod (floor (gl_FragCoord.x / (3.0 * u_pixel))
                  + floor (gl_FragCoord.y / (3.0 * u_pixel)), 2.0) > 0.5)
    discard;
  o_colour = vec4 (u_ink.rgb, u_ink.a * v_edge.x
                                  * clamp (u_viewport.z + 0.5 - abs (v_across),
                                           0.0, 1.0));
}
