import { readTradeNo } from '../../../kernel/trade-no.ts'
import { uuidOf } from './params.ts'

export type Found = { kind: 'payment'; id: string } | { kind: 'bill'; billNo: string }

/**
 * What somebody looks for who types a number: our payment number says by itself which payment it is; anything
 * else is looked for among the bills. Null for an empty text, and for a payment number of another hospital.
 */
export function readNumber(typed: string, hospitalId: number): Found | 'foreign' | null {
  const text = typed.replaceAll(/\s/g, '')
  if (text === '') return null
  const id = uuidOf(text.toLowerCase())
  if (id) return { kind: 'payment', id }
  const ours = readTradeNo(text.toUpperCase())
  if (ours) return ours.hospitalId === hospitalId ? { kind: 'payment', id: ours.id } : 'foreign'
  return { kind: 'bill', billNo: text }
}
