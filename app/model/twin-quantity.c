/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-quantity.h"

#include <string.h>

/* Semantic types and their units as in DTDL's QuantitativeTypes extension,
 * version 1 (the same names are built into DTDL v2). */
typedef struct
{
  const char *name;
  const char *units; /* each followed by a blank */
} UnitType;

static const UnitType unit_types[] = {
  { "AccelerationUnit",
    "centimetrePerSecondSquared gForce metrePerSecondSquared " },
  { "AngleUnit", "degreeOfArc minuteOfArc radian secondOfArc turn " },
  { "AngularAccelerationUnit", "radianPerSecondSquared " },
  { "AngularVelocityUnit",
    "degreePerSecond radianPerSecond revolutionPerMinute "
    "revolutionPerSecond " },
  { "ApparentEnergyUnit", "gigavoltAmpereHour kilovoltAmpereHour "
                          "megavoltAmpereHour voltAmpereHour " },
  { "ApparentPowerUnit", "gigavoltAmpere kilovoltAmpere megavoltAmpere "
                         "millivoltAmpere voltAmpere " },
  { "AreaUnit", "acre hectare squareCentimetre squareFoot squareInch "
                "squareKilometre squareMetre squareMillimetre " },
  { "CapacitanceUnit", "farad microfarad millifarad nanofarad picofarad " },
  { "ChargeUnit", "ampereHour coulomb milliampereHour " },
  { "CurrentUnit", "ampere kiloampere microampere milliampere " },
  { "DataRateUnit", "bitPerSecond bytePerSecond exbibitPerSecond "
                    "exbibytePerSecond gibibitPerSecond gibibytePerSecond "
                    "kibibitPerSecond kibibytePerSecond mebibitPerSecond "
                    "mebibytePerSecond tebibitPerSecond tebibytePerSecond "
                    "yobibitPerSecond yobibytePerSecond zebibitPerSecond "
                    "zebibytePerSecond " },
  { "DataSizeUnit", "bit byte exbibit exbibyte gibibit gibibyte kibibit "
                    "kibibyte mebibit mebibyte tebibit tebibyte yobibit "
                    "yobibyte zebibit zebibyte " },
  { "DensityUnit", "gramPerCubicMetre kilogramPerCubicMetre "
                   "microgramPerCubicMetre milligramPerCubicMetre " },
  { "EnergyUnit", "britishThermalUnit electronvolt gigajoule gigawattHour "
                  "joule kiloBritishThermalUnit kilojoule kilowattHour "
                  "megaelectronvolt megajoule megawattHour milliwattHour "
                  "terawattHour wattHour " },
  { "ForceUnit", "newton ounce pound ton " },
  { "FrequencyUnit", "gigahertz hertz kilohertz megahertz millihertz " },
  { "IlluminanceUnit", "footcandle lux " },
  { "InductanceUnit", "henry microhenry millihenry " },
  { "IonizingRadiationDoseUnit",
    "gray microgray microsievert milligray millisievert "
    "sievert " },
  { "IrradianceUnit", "wattPerSquareMetre " },
  { "LengthUnit", "astronomicalUnit centimetre foot inch kilometre metre "
                  "micrometre mile millimetre nanometre nauticalMile " },
  { "LuminanceUnit", "candelaPerSquareMetre " },
  { "LuminousFluxUnit", "lumen " },
  { "LuminousIntensityUnit", "candela " },
  { "MagneticFluxUnit", "maxwell weber " },
  { "MagneticInductionUnit", "gauss tesla " },
  { "MassFlowRateUnit", "gramPerHour gramPerSecond kilogramPerHour "
                        "kilogramPerSecond massPoundPerHour " },
  { "MassUnit", "gram kilogram massPound microgram milligram slug tonne " },
  { "PowerUnit", "britishThermalUnitPerHour gigajoulePerHour gigawatt "
                 "horsepower joulePerHour joulePerSecond "
                 "kiloBritishThermalUnitPerHour kilojoulePerHour "
                 "kilojoulePerSecond kilowatt kilowattHourPerYear "
                 "megajoulePerHour megawatt microwatt milliwatt "
                 "tonOfRefrigeration watt " },
  { "PressureUnit", "bar decapascal hectopascal inchesOfMercury "
                    "inchesOfWater kilopascal millibar millimetresOfMercury "
                    "pascal poundPerSquareInch " },
  { "RadioactivityUnit",
    "becquerel gigabecquerel kilobecquerel megabecquerel " },
  { "ReactiveEnergyUnit",
    "gigavoltAmpereReactiveHour kilovoltAmpereReactiveHour "
    "megavoltAmpereReactiveHour voltAmpereReactiveHour " },
  { "ReactivePowerUnit", "gigavoltAmpereReactive kilovoltAmpereReactive "
                         "megavoltAmpereReactive millivoltAmpereReactive "
                         "voltAmpereReactive " },
  { "ResistanceUnit", "kiloohm megaohm milliohm ohm " },
  { "SoundPressureUnit", "bel decibel " },
  { "TemperatureUnit", "degreeCelsius degreeFahrenheit kelvin " },
  { "TimeUnit", "day hour microsecond millisecond minute nanosecond "
                "second year " },
  { "TorqueUnit", "newtonMetre " },
  { "Unitless", "partsPerBillion partsPerMillion partsPerQuadrillion "
                "partsPerTrillion percent unity " },
  { "VelocityUnit", "centimetrePerSecond kilometrePerHour kilometrePerSecond "
                    "knot metrePerHour metrePerSecond milePerHour "
                    "milePerSecond " },
  { "VoltageUnit", "kilovolt megavolt microvolt millivolt volt " },
  { "VolumeFlowRateUnit",
    "cubicFootPerMinute cubicMetrePerHour "
    "cubicMetrePerMinute cubicMetrePerSecond gallonPerHour "
    "gallonPerMinute litrePerHour litrePerMinute "
    "litrePerSecond millilitrePerHour millilitrePerMinute "
    "millilitrePerSecond " },
  { "VolumeUnit", "cubicCentimetre cubicFoot cubicInch cubicMetre "
                  "fluidOunce gallon litre millilitre " },
};

static const struct
{
  const char *name;
  const char *unit_type;
} quantities[] = {
  { "Acceleration", "AccelerationUnit" },
  { "Angle", "AngleUnit" },
  { "AngularAcceleration", "AngularAccelerationUnit" },
  { "AngularVelocity", "AngularVelocityUnit" },
  { "ApparentEnergy", "ApparentEnergyUnit" },
  { "ApparentPower", "ApparentPowerUnit" },
  { "Area", "AreaUnit" },
  { "Capacitance", "CapacitanceUnit" },
  { "Concentration", "Unitless" },
  { "Current", "CurrentUnit" },
  { "DataRate", "DataRateUnit" },
  { "DataSize", "DataSizeUnit" },
  { "Density", "DensityUnit" },
  { "Distance", "LengthUnit" },
  { "ElectricCharge", "ChargeUnit" },
  { "Energy", "EnergyUnit" },
  { "EnergyRate", "PowerUnit" },
  { "Force", "ForceUnit" },
  { "Frequency", "FrequencyUnit" },
  { "Humidity", "DensityUnit" },
  { "Illuminance", "IlluminanceUnit" },
  { "Inductance", "InductanceUnit" },
  { "IonizingRadiationDose", "IonizingRadiationDoseUnit" },
  { "Irradiance", "IrradianceUnit" },
  { "Latitude", "AngleUnit" },
  { "Length", "LengthUnit" },
  { "Longitude", "AngleUnit" },
  { "Luminance", "LuminanceUnit" },
  { "Luminosity", "PowerUnit" },
  { "LuminousFlux", "LuminousFluxUnit" },
  { "LuminousIntensity", "LuminousIntensityUnit" },
  { "MagneticFlux", "MagneticFluxUnit" },
  { "MagneticInduction", "MagneticInductionUnit" },
  { "Mass", "MassUnit" },
  { "MassFlowRate", "MassFlowRateUnit" },
  { "Power", "PowerUnit" },
  { "Pressure", "PressureUnit" },
  { "Radioactivity", "RadioactivityUnit" },
  { "ReactiveEnergy", "ReactiveEnergyUnit" },
  { "ReactivePower", "ReactivePowerUnit" },
  { "RelativeDensity", "Unitless" },
  { "RelativeHumidity", "Unitless" },
  { "Resistance", "ResistanceUnit" },
  { "SoundPressure", "SoundPressureUnit" },
  { "Temperature", "TemperatureUnit" },
  { "Thrust", "ForceUnit" },
  { "TimeSpan", "TimeUnit" },
  { "Torque", "TorqueUnit" },
  { "Velocity", "VelocityUnit" },
  { "Voltage", "VoltageUnit" },
  { "Volume", "VolumeUnit" },
  { "VolumeFlowRate", "VolumeFlowRateUnit" },
};

gboolean
twin_quantity_is_known (const char *term)
{
  return twin_quantity_unit_type (term) != NULL;
}

const char *
twin_quantity_unit_type (const char *term)
{
  for (size_t i = 0; i < G_N_ELEMENTS (quantities); i++)
    {
      if (strcmp (quantities[i].name, term) == 0)
        return quantities[i].unit_type;
    }

  return NULL;
}

static gboolean
holds (const char *units, const char *unit)
{
  size_t      length = strlen (unit);
  const char *found = units;

  while (length > 0 && (found = strstr (found, unit)) != NULL)
    {
      if ((found == units || found[-1] == ' ') && found[length] == ' ')
        return TRUE;
      found += length;
    }

  return FALSE;
}

gboolean
twin_quantity_has_unit (const char *term, const char *unit)
{
  const char *type = twin_quantity_unit_type (term);

  for (size_t i = 0; type != NULL && i < G_N_ELEMENTS (unit_types); i++)
    {
      if (strcmp (unit_types[i].name, type) == 0)
        return holds (unit_types[i].units, unit);
    }

  return FALSE;
}
