const CODES =
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65'

/** Provinces, regions and cities of that rank, as GB/T 2260 begins their codes. */
export const PROVINCES: readonly string[] = CODES.split(' ')
