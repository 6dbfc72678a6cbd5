const PPM_OF_PERCENT_DIGITS = 4

/** Parts per million as a percentage, exactly: 3800 is "0.38%". */
export function percentText(ppm: number): string {
  const digits = String(Math.abs(ppm)).padStart(PPM_OF_PERCENT_DIGITS + 1, '0')
  const whole = digits.slice(0, -PPM_OF_PERCENT_DIGITS)
  const rest = digits.slice(-PPM_OF_PERCENT_DIGITS).replace(/0+$/, '')
  return `${ppm < 0 ? '−' : ''}${whole}${rest === '' ? '' : `.${rest}`}%`
}

/** With at most two decimals, rounded down: what fell short of 100% is never written as that. */
export const shortPercentText = (ppm: number): string => percentText(Math.floor(ppm / 100) * 100)

/** "0.38" in parts per million: 3800. Null for anything but 0 to 100 with at most four decimals. */
export function parsePercent(text: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?\s*%?$/.exec(text.trim())
  if (!match) return null
  const [, whole = '0', decimals = ''] = match
  const ppm = Number(whole + decimals.padEnd(PPM_OF_PERCENT_DIGITS, '0'))
  return ppm <= 1_000_000 ? ppm : null
}

/** For an input, without the sign: 3800 is "0.38". */
export const percentInput = (ppm: number): string => percentText(ppm).slice(0, -1)
