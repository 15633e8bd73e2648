// SPDX-License-Identifier: Apache-2.0
in vec2 v_floor;
in vec3 v_data;

uniform sampler2D u_text;
uniform vec4 u_ink;

out vec4 o_colour;

void
main ()
{
  o_colour = vec4 (u_ink.rgb, u_ink.a * texture (u_text, v_data.xy).r);
}
