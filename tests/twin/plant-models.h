/* SPDX-License-Identifier: Apache-2.0 */
/* plant-models.h - a pump in two versions, for the tests of rules and
 * migration: components, multiplicity, relationship properties, writable */
#pragma once

#include "twin-json.h"
#include "twin-model-set.h"

static const char plant_models_text[] =
    "[{\"@context\":\"dtmi:dtdl:context;3\",\"@id\":\"dtmi:t:Thing;1\","
    "\"@type\":\"Interface\",\"contents\":[{\"@type\":\"Property\",\"name\":"
    "\"name\",\"schema\":\"string\",\"writable\":true},{\"@type\":"
    "\"Relationship\",\"name\":\"near\"}]},"

    "{\"@context\":\"dtmi:dtdl:context;3\",\"@id\":\"dtmi:t:Seal;1\","
    "\"@type\":\"Interface\",\"contents\":[{\"@type\":\"Property\",\"name\":"
    "\"kind\",\"schema\":\"string\"},{\"@type\":\"Property\",\"name\":"
    "\"setPoint\",\"schema\":\"double\",\"writable\":true}]},"

    "{\"@context\":\"dtmi:dtdl:context;3\",\"@id\":\"dtmi:t:Tank;1\","
    "\"@type\":\"Interface\",\"extends\":\"dtmi:t:Thing;1\",\"contents\":[]},"

    "{\"@context\":\"dtmi:dtdl:context;3\",\"@id\":\"dtmi:t:Pump;1\","
    "\"@type\":\"Interface\",\"extends\":\"dtmi:t:Thing;1\",\"contents\":["
    "{\"@type\":\"Property\",\"name\":\"head\",\"schema\":\"double\"},"
    "{\"@type\":\"Property\",\"name\":\"stages\",\"schema\":\"string\"},"
    "{\"@type\":\"Property\",\"name\":\"period\",\"schema\":\"double\","
    "\"writable\":true},"
    "{\"@type\":\"Telemetry\",\"name\":\"flow\",\"schema\":\"double\"},"
    "{\"@type\":\"Component\",\"name\":\"drive\",\"schema\":"
    "\"dtmi:t:Seal;1\"},"
    "{\"@type\":\"Relationship\",\"name\":\"feeds\",\"target\":"
    "\"dtmi:t:Tank;1\",\"maxMultiplicity\":2,\"properties\":[{\"@type\":"
    "\"Property\",\"name\":\"length\",\"schema\":\"double\"}]},"
    "{\"@type\":\"Relationship\",\"name\":\"backs\",\"target\":"
    "\"dtmi:t:Pump;1\"}]},"

    /* Version 2: no head, stages is a number, a component and a property more,
     * feeds but one tank, backs nothing. */
    "{\"@context\":\"dtmi:dtdl:context;3\",\"@id\":\"dtmi:t:Pump;2\","
    "\"@type\":\"Interface\",\"extends\":\"dtmi:t:Thing;1\",\"contents\":["
    "{\"@type\":\"Property\",\"name\":\"stages\",\"schema\":\"double\"},"
    "{\"@type\":\"Property\",\"name\":\"impeller\",\"schema\":\"string\"},"
    "{\"@type\":\"Component\",\"name\":\"drive\",\"schema\":"
    "\"dtmi:t:Seal;1\"},"
    "{\"@type\":\"Component\",\"name\":\"seal\",\"schema\":"
    "\"dtmi:t:Seal;1\"},"
    "{\"@type\":\"Relationship\",\"name\":\"feeds\",\"target\":"
    "\"dtmi:t:Tank;1\",\"maxMultiplicity\":1,\"properties\":[{\"@type\":"
    "\"Property\",\"name\":\"length\",\"schema\":\"double\"}]}]}]";

static inline TwinModelSet *
plant_models (void)
{
  const TwinModelSource source = { "plant", plant_models_text, -1 };
  GError               *error = NULL;
  TwinModelSet         *set = twin_model_set_new_checked (&source, 1, &error);

  g_assert_no_error (error);
  return set;
}

static inline JsonNode *
json (const char *text)
{
  GError   *error = NULL;
  JsonNode *node = twin_json_parse ("t", text, -1, &error);

  g_assert_no_error (error);
  return node;
}
