/** In degrees of WGS 84. */
export type Place = { latitude: number; longitude: number }

/** Along the great circle, in whole metres. Method: haversine, on a sphere of the earth's mean radius. */
export function metresBetween(a: Place, b: Place): number {
  const [latitudeA, latitudeB] = [radians(a.latitude), radians(b.latitude)]
  const half = (from: number, to: number) => Math.sin((to - from) / 2) ** 2
  const across = Math.cos(latitudeA) * Math.cos(latitudeB)
  const chord =
    half(latitudeA, latitudeB) + across * half(radians(a.longitude), radians(b.longitude))
  return Math.round(2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord))))
}

const EARTH_RADIUS_M = 6_371_008.8 // the mean radius of the IUGG

const radians = (degrees: number): number => (degrees * Math.PI) / 180
