/** A rate in parts per million as people read it, with two decimals: 130_290 is '13.03%'. Half up. */
export function percentText(ppm: number): string {
  const hundredths = Math.floor((ppm + 50) / 100)
  const whole = Math.trunc(hundredths / 100)
  return `${whole}.${String(hundredths % 100).padStart(2, '0')}%`
}
