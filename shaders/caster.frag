// SPDX-License-Identifier: Apache-2.0
// Writes what lies over the floor: 1, or less with height.
in float v_height;

uniform float u_falloff; // 1/m

out vec4 o_colour;

void
main ()
{
  o_colour = vec4 (exp (-u_falloff * max (0.0, v_height)));
}
