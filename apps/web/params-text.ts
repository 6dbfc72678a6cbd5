import { amountText } from './amount.ts'

type Params = Record<string, string | number>

/**
 * What a coded reason carries, as people read it, by the unit in its name: "limitFen" becomes {{limit}} with ¥, "sharePpm"
 * {{share}} with %, "limitMicroYuan" {{limit}} with ¥ and as many decimals as it has. The rest stays as it is.
 */
export function paramsText(params: Params): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => textOf(name, value)))
}

function textOf(name: string, value: string | number): [string, string | number] {
  const [, stem = '', unit] = /^(.*?)(Fen|Ppm|MicroYuan)$/.exec(name) ?? []
  switch (unit) {
    case 'Fen':
      return [stem, amountText(Number(value))]
    case 'Ppm':
      return [stem, shareText(Number(value))]
    case 'MicroYuan':
      return [stem, yuanText(Number(value))]
    default:
      return [name, value]
  }
}

/** A share in parts per million, without zeros that say nothing: 800_000 is "80%", 72_500 is "7.25%". */
export const shareText = (ppm: number): string => `${decimalText(ppm, 4)}%`

/** Millionths of a yuan, at least to the fen: 12_500_000 is "¥12.50", 15_000 is "¥0.015". */
export function yuanText(microYuan: number): string {
  const [whole = '0', rest = ''] = decimalText(microYuan, 6).split('.')
  return `¥${whole}.${rest.padEnd(2, '0')}`
}

/** A whole number of 10^-decimals, not below zero. */
function decimalText(value: number, decimals: number): string {
  const digits = String(value).padStart(decimals + 1, '0')
  const rest = digits.slice(-decimals).replace(/0+$/, '')
  return `${digits.slice(0, -decimals)}${rest && `.${rest}`}`
}
