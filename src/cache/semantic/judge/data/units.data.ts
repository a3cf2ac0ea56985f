const UNITS =
  'percent:%,pct,percentage dollar:$,dollars,usd,bucks euro:€,euros,eur pound:£,pounds,gbp,quid yen:¥,jpy rupee:₹,rs,rupees,inr ' +
  'yuan:cny,rmb franc:francs,chf peso:pesos ruble:rubles,rub,roubles bitcoin:btc,bitcoins ethereum:eth cent:cents penny:pennies,pence ' +
  'kilometer:km,kms,kilometers,kilometre,kilometres meter:meters,metre,metres centimeter:cm,cms,centimeters,centimetre,centimetres ' +
  'millimeter:mm,millimeters,millimetre,millimetres mile:miles,mi foot:feet,ft inch:inches yard:yards,yd lightyear:lightyears ' +
  'kilogram:kg,kgs,kilo,kilos,kilograms gram:g,grams,gm,gms milligram:mg,milligrams lb:lbs ounce:ounces,oz ton:tons,tonne,tonnes ' +
  'liter:liters,litre,litres,l milliliter:ml,milliliters,millilitres gallon:gallons,gal pint:pints cup:cups tablespoon:tablespoons,tbsp teaspoon:teaspoons,tsp ' +
  'byte:bytes kilobyte:kb,kilobytes megabyte:mb,megabytes,mbs gigabyte:gb,gigabytes,gbs,gig,gigs terabyte:tb,terabytes,tbs bit:bits kbps mbps gbps ' +
  'millisecond:ms,milliseconds seconds:sec,secs,s minute:minutes,min,mins hour:hours,hr,hrs,h day:days week:weeks,wk,wks month:months year:years,yr,yrs ' +
  'decade:decades century:centuries celsius:°c,centigrade fahrenheit:°f kelvin degree:degrees,° kmh:kph,km/h mph:mi/h ' +
  'watt:watts,w kilowatt:kw,kilowatts kwh volt:volts,v amp:amps,ampere,amperes hertz:hz megahertz:mhz gigahertz:ghz calorie:calories,kcal joule:joules ' +
  'pixel:pixels,px acre:acres hectare:hectares sqft:sq mah dpi fps rpm';

/** Units by their spellings and short forms. A unit's own name stands for itself. */
export const UNIT_NAMES: ReadonlyMap<string, string> = new Map(
  UNITS.split(' ').flatMap((entry) => {
    const [name = '', forms = ''] = entry.split(':');
    return [name, ...forms.split(',')]
      .filter((form) => form !== '')
      .map((form): [string, string] => [form, name]);
  }),
);

/** Spellings that are units behind a number alone, and other words elsewhere. */
export const UNITS_BEHIND_NUMBERS: ReadonlySet<string> = new Set(
  'g l s h w v m mi min sec bit bits cup cups foot feet yard yards pound pounds degree degrees gal sq rs ms rub eth pixel pixels cent cents penny'.split(
    ' ',
  ),
);
