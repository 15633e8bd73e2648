/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-quantity.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *built_in; /* units since DTDL v2, each followed by a blank */
  const char *first;    /* more since version 1 of the extension */
  const char *third;    /* more since its version 3 */
} UnitType;

static const UnitType unit_types[] = {
  { "AccelerationUnit",
    "centimetrePerSecondSquared gForce metrePerSecondSquared ", NULL,
    "kilometrePerSecondSquared millimetrePerSecondSquared " },
  { "AngleUnit", "degreeOfArc minuteOfArc radian secondOfArc turn ", NULL,
    NULL },
  { "AngularAccelerationUnit", "radianPerSecondSquared ", NULL, NULL },
  { "AngularVelocityUnit",
    "degreePerSecond radianPerSecond revolutionPerMinute revolutionPerSecond ",
    NULL, NULL },
  { "ApparentEnergyUnit", NULL,
    "gigavoltAmpereHour kilovoltAmpereHour megavoltAmpereHour voltAmpereHour ",
    "millivoltAmpereHour " },
  { "ApparentPowerUnit", NULL,
    "gigavoltAmpere kilovoltAmpere megavoltAmpere millivoltAmpere voltAmpere ",
    NULL },
  { "AreaUnit",
    "acre hectare squareCentimetre squareFoot squareInch squareKilometre "
    "squareMetre squareMillimetre ",
    NULL, NULL },
  { "CapacitanceUnit", "farad microfarad millifarad nanofarad picofarad ", NULL,
    NULL },
  { "ChargeUnit", "coulomb ", "ampereHour milliampereHour ", NULL },
  { "CurrentUnit", "ampere microampere milliampere ", "kiloampere ",
    "nanoampere picoampere " },
  { "DataRateUnit",
    "bitPerSecond bytePerSecond exbibitPerSecond exbibytePerSecond "
    "gibibitPerSecond gibibytePerSecond kibibitPerSecond kibibytePerSecond "
    "mebibitPerSecond mebibytePerSecond tebibitPerSecond tebibytePerSecond "
    "yobibitPerSecond yobibytePerSecond zebibitPerSecond zebibytePerSecond ",
    NULL, NULL },
  { "DataSizeUnit",
    "bit byte exbibit exbibyte gibibit gibibyte kibibit kibibyte mebibit "
    "mebibyte tebibit tebibyte yobibit yobibyte zebibit zebibyte ",
    NULL, NULL },
  { "DensityUnit", "gramPerCubicMetre kilogramPerCubicMetre ",
    "microgramPerCubicMetre milligramPerCubicMetre ", NULL },
  { "DynamicViscosityUnit", NULL, NULL,
    "centipoise millipascalSecond millipoise pascalSecond poise " },
  { "EnergyUnit",
    "electronvolt gigajoule joule kilojoule kilowattHour megaelectronvolt "
    "megajoule ",
    "britishThermalUnit gigawattHour kiloBritishThermalUnit megawattHour "
    "milliwattHour terawattHour wattHour ",
    NULL },
  { "ForceUnit", "newton ounce pound ton ", NULL, NULL },
  { "FrequencyUnit", "gigahertz hertz kilohertz megahertz ", "millihertz ",
    NULL },
  { "GasLeakageRateUnit", NULL, NULL,
    "decapascalCubicMetrePerSecond hectopascalCubicMetrePerSecond "
    "kilopascalCubicMetrePerSecond pascalCubicMetrePerSecond " },
  { "IlluminanceUnit", "footcandle lux ", NULL, NULL },
  { "InductanceUnit", "henry microhenry millihenry ", NULL, NULL },
  { "IonizingRadiationDoseUnit", NULL,
    "gray microgray microsievert milligray millisievert sievert ", NULL },
  { "IrradianceUnit", NULL, "wattPerSquareMetre ", NULL },
  { "KinematicViscosityUnit", NULL, NULL,
    "centistokes squareMetrePerSecond stokes " },
  { "LengthUnit",
    "astronomicalUnit centimetre foot inch kilometre metre micrometre mile "
    "millimetre nanometre nauticalMile ",
    NULL, NULL },
  { "LuminanceUnit", "candelaPerSquareMetre ", NULL, NULL },
  { "LuminousFluxUnit", "lumen ", NULL, NULL },
  { "LuminousIntensityUnit", "candela ", NULL, NULL },
  { "MagneticFluxUnit", "maxwell weber ", NULL, NULL },
  { "MagneticInductionUnit", "tesla ", "gauss ", NULL },
  { "MassFlowRateUnit",
    "gramPerHour gramPerSecond kilogramPerHour kilogramPerSecond ",
    "massPoundPerHour ", NULL },
  { "MassUnit", "gram kilogram microgram milligram slug tonne ", "massPound ",
    NULL },
  { "PowerUnit",
    "gigawatt horsepower kilowatt kilowattHourPerYear megawatt microwatt "
    "milliwatt watt ",
    "britishThermalUnitPerHour gigajoulePerHour joulePerHour joulePerSecond "
    "kiloBritishThermalUnitPerHour kilojoulePerHour kilojoulePerSecond "
    "megajoulePerHour tonOfRefrigeration ",
    NULL },
  { "PressureUnit",
    "bar inchesOfMercury inchesOfWater kilopascal millibar "
    "millimetresOfMercury pascal poundPerSquareInch ",
    "decapascal hectopascal ", NULL },
  { "RadioactivityUnit", NULL,
    "becquerel gigabecquerel kilobecquerel megabecquerel ", NULL },
  { "ReactiveEnergyUnit", NULL,
    "gigavoltAmpereReactiveHour kilovoltAmpereReactiveHour "
    "megavoltAmpereReactiveHour voltAmpereReactiveHour ",
    NULL },
  { "ReactivePowerUnit", NULL,
    "gigavoltAmpereReactive kilovoltAmpereReactive megavoltAmpereReactive "
    "millivoltAmpereReactive voltAmpereReactive ",
    NULL },
  { "ReciprocalLengthUnit", NULL, NULL,
    "reciprocalCentimetre reciprocalKilometre reciprocalMetre "
    "reciprocalMicrometre reciprocalMillimetre reciprocalNanometre " },
  { "ReciprocalTimeUnit", NULL, NULL, "reciprocalMinute reciprocalSecond " },
  { "ResistanceUnit", "kiloohm megaohm milliohm ohm ", NULL, NULL },
  { "SoundPressureUnit", "bel decibel ", NULL, NULL },
  { "TemperatureUnit", "degreeCelsius degreeFahrenheit kelvin ", NULL, NULL },
  { "TimeUnit",
    "day hour microsecond millisecond minute nanosecond second year ", NULL,
    NULL },
  { "TorqueUnit", "newtonMetre ", NULL, NULL },
  { "Unitless", "percent unity ",
    "partsPerBillion partsPerMillion partsPerQuadrillion partsPerTrillion ",
    NULL },
  { "VelocityUnit",
    "centimetrePerSecond kilometrePerHour kilometrePerSecond knot metrePerHour "
    "metrePerSecond milePerHour milePerSecond ",
    NULL, "millimetrePerSecond " },
  { "VoltageUnit", "kilovolt megavolt microvolt millivolt volt ", NULL, NULL },
  { "VolumeFlowRateUnit",
    "litrePerHour litrePerSecond millilitrePerHour millilitrePerSecond ",
    "cubicFootPerMinute cubicMetrePerHour cubicMetrePerMinute "
    "cubicMetrePerSecond gallonPerHour gallonPerMinute litrePerMinute "
    "millilitrePerMinute ",
    "cubicCentimetrePerMinute cubicCentimetrePerSecond " },
  { "VolumeUnit",
    "cubicCentimetre cubicFoot cubicInch cubicMetre fluidOunce gallon litre "
    "millilitre ",
    NULL, NULL },
};

static const struct
{
  const char *name;
  const char *unit_type;
  int         since; /* version of the extension; 0: DTDL v2 */
} quantities[] = {
  { "Acceleration", "AccelerationUnit", 0 },
  { "Angle", "AngleUnit", 0 },
  { "AngularAcceleration", "AngularAccelerationUnit", 0 },
  { "AngularVelocity", "AngularVelocityUnit", 0 },
  { "ApparentEnergy", "ApparentEnergyUnit", 1 },
  { "ApparentPower", "ApparentPowerUnit", 1 },
  { "Area", "AreaUnit", 0 },
  { "Capacitance", "CapacitanceUnit", 0 },
  { "Concentration", "Unitless", 1 },
  { "Current", "CurrentUnit", 0 },
  { "DataRate", "DataRateUnit", 0 },
  { "DataSize", "DataSizeUnit", 0 },
  { "Density", "DensityUnit", 0 },
  { "Distance", "LengthUnit", 0 },
  { "DynamicViscosity", "DynamicViscosityUnit", 3 },
  { "Efficiency", "Unitless", 3 },
  { "ElectricCharge", "ChargeUnit", 0 },
  { "Energy", "EnergyUnit", 0 },
  { "EnergyRate", "PowerUnit", 1 },
  { "Force", "ForceUnit", 0 },
  { "Frequency", "FrequencyUnit", 0 },
  { "GasLeakageRate", "GasLeakageRateUnit", 3 },
  { "Humidity", "DensityUnit", 0 },
  { "Illuminance", "IlluminanceUnit", 0 },
  { "Inductance", "InductanceUnit", 0 },
  { "IonizingRadiationDose", "IonizingRadiationDoseUnit", 1 },
  { "Irradiance", "IrradianceUnit", 1 },
  { "KinematicViscosity", "KinematicViscosityUnit", 3 },
  { "Latitude", "AngleUnit", 0 },
  { "Length", "LengthUnit", 0 },
  { "Longitude", "AngleUnit", 0 },
  { "Luminance", "LuminanceUnit", 0 },
  { "Luminosity", "PowerUnit", 0 },
  { "LuminousFlux", "LuminousFluxUnit", 0 },
  { "LuminousIntensity", "LuminousIntensityUnit", 0 },
  { "MagneticFlux", "MagneticFluxUnit", 0 },
  { "MagneticInduction", "MagneticInductionUnit", 0 },
  { "Mass", "MassUnit", 0 },
  { "MassFlowRate", "MassFlowRateUnit", 0 },
  { "Power", "PowerUnit", 0 },
  { "Pressure", "PressureUnit", 0 },
  { "Radioactivity", "RadioactivityUnit", 1 },
  { "ReactiveEnergy", "ReactiveEnergyUnit", 1 },
  { "ReactivePower", "ReactivePowerUnit", 1 },
  { "ReciprocalLength", "ReciprocalLengthUnit", 3 },
  { "ReciprocalTime", "ReciprocalTimeUnit", 3 },
  { "RelativeDensity", "Unitless", 1 },
  { "RelativeHumidity", "Unitless", 0 },
  { "RelativeMeasure", "Unitless", 3 },
  { "Resistance", "ResistanceUnit", 0 },
  { "Scale", "Unitless", 3 },
  { "SoundPressure", "SoundPressureUnit", 0 },
  { "Temperature", "TemperatureUnit", 0 },
  { "Throttle", "Unitless", 3 },
  { "Thrust", "ForceUnit", 0 },
  { "TimeSpan", "TimeUnit", 0 },
  { "Torque", "TorqueUnit", 0 },
  { "Velocity", "VelocityUnit", 0 },
  { "Voltage", "VoltageUnit", 0 },
  { "Volume", "VolumeUnit", 0 },
  { "VolumeFlowRate", "VolumeFlowRateUnit", 0 },
};

const char *
twin_quantity_find (const char *term, int version, const char **unit_type)
{
  for (size_t i = 0; i < G_N_ELEMENTS (quantities); i++)
    {
      if (quantities[i].name[0] == term[0] &&
          strcmp (quantities[i].name, term) == 0 &&
          quantities[i].since <= version)
        {
          *unit_type = quantities[i].unit_type;
          return quantities[i].name;
        }
    }

  return NULL;
}

/* Where @unit stands in @units, or NULL. */
static const char *
find_word (const char *units, const char *unit)
{
  size_t      length = strlen (unit);
  const char *found = units;

  while (units != NULL && length > 0 && (found = strstr (found, unit)) != NULL)
    {
      if ((found == units || found[-1] == ' ') && found[length] == ' ')
        return found;
      found += length;
    }

  return NULL;
}

static gboolean
has_unit (const UnitType *type, const char *unit, int version)
{
  return find_word (type->built_in, unit) != NULL ||
         (version >= 1 && find_word (type->first, unit) != NULL) ||
         (version >= 3 && find_word (type->third, unit) != NULL);
}

static gboolean
has_any (const UnitType *type, int version)
{
  return type->built_in != NULL || (version >= 1 && type->first != NULL) ||
         (version >= 3 && type->third != NULL);
}

const char *
twin_quantity_find_unit (const char *term, int version, gboolean *family)
{
  for (size_t i = 0; i < G_N_ELEMENTS (unit_types); i++)
    {
      *family = strcmp (unit_types[i].name, term) == 0;
      if (*family)
        return has_any (&unit_types[i], version) ? unit_types[i].name : NULL;
      if (has_unit (&unit_types[i], term, version))
        return g_intern_string (term);
    }

  return NULL;
}

gboolean
twin_quantity_type_has_unit (const char *unit_type,
                             const char *unit,
                             int         version)
{
  for (size_t i = 0; i < G_N_ELEMENTS (unit_types); i++)
    {
      if (strcmp (unit_types[i].name, unit_type) == 0)
        return has_unit (&unit_types[i], unit, version);
    }

  return FALSE;
}

const char *
twin_quantity_list_units (const char *unit_type)
{
  for (size_t i = 0; i < G_N_ELEMENTS (unit_types); i++)
    {
      if (strcmp (unit_types[i].name, unit_type) == 0)
        return unit_types[i].built_in != NULL ? unit_types[i].built_in
               : unit_types[i].first != NULL  ? unit_types[i].first
                                              : unit_types[i].third;
    }

  return "";
}

char **
twin_quantity_dup_units (const char *unit_type, int version)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (unit_types); i++)
    {
      const UnitType *one = &unit_types[i];

      if (strcmp (one->name, unit_type) != 0)
        continue;
      if (one->built_in != NULL)
        g_string_append (all, one->built_in);
      if (one->first != NULL && version >= 1)
        g_string_append (all, one->first);
      if (one->third != NULL && version >= 3)
        g_string_append (all, one->third);
    }

  if (all->len > 0)
    g_string_truncate (all, all->len - 1);
  return g_strsplit (all->str, " ", -1);
}

const char *
twin_quantity_of_unit (const char *unit)
{
  for (size_t i = 0; i < G_N_ELEMENTS (unit_types); i++)
    {
      if (!has_unit (&unit_types[i], unit, 3))
        continue;

      for (size_t k = 0; k < G_N_ELEMENTS (quantities); k++)
        {
          if (strcmp (quantities[k].unit_type, unit_types[i].name) == 0)
            return quantities[k].name;
        }
    }

  return NULL;
}
