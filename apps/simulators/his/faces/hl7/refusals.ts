import { fen, toYuanText } from '../../../../../kernel/money.ts'
import type { Answer } from '../../protocol.ts'
import type { Row } from './er7.ts'

/** HL7 table 0357. */
type Condition = readonly [code: string, words: string]

export const SEGMENT_SEQUENCE: Condition = ['100', 'Segment sequence error']
export const MESSAGE_TYPE: Condition = ['200', 'Unsupported message type']
export const DUPLICATE_KEY: Condition = ['205', 'Duplicate key identifier']
const FIELD_MISSING: Condition = ['101', 'Required field missing']
const UNKNOWN_KEY: Condition = ['204', 'Unknown key identifier']
const LOCKED: Condition = ['206', 'Application record locked']
const INTERNAL: Condition = ['207', 'Application internal error']

/** ERR: the condition, the hospital's own code of it with its data, and words. */
export const errorRow = (
  condition: Condition,
  {
    code = '',
    parameters = [],
    message,
  }: { code?: string; parameters?: string[]; message: string },
): Row => [
  'ERR',
  '',
  '',
  [...condition, 'HL70357'],
  'E',
  code,
  parameters.map((text) => [text]),
  '',
  message,
]

/** A refusal of the hospital's as ERR. Its code stands in ERR-5, what belongs to it in ERR-6. */
export function refusalRow({ code, message, data }: Answer): Row {
  const { version, totalFen, paymentNo, lines } = (data ?? {}) as RefusalData
  const parameters = [
    ...(version === undefined ? [] : [String(version)]),
    ...(totalFen === undefined ? [] : [toYuanText(fen(totalFen))]),
    ...(paymentNo === undefined ? [] : [paymentNo]),
    ...(lines ?? []).map(({ lineNo }) => String(lineNo)),
  ]
  return errorRow(conditionOf(code), { code, parameters, message })
}

type RefusalData = {
  version?: number
  totalFen?: number
  paymentNo?: string
  lines?: { lineNo: number }[]
}

function conditionOf(code: string): Condition {
  if (code === 'SYSTEM_BUSY') return INTERNAL
  if (code === 'INVALID_REQUEST' || code === 'IDENTITY_INVALID') return FIELD_MISSING
  if (code === 'DUPLICATE_DIFFERENT') return DUPLICATE_KEY
  return code.endsWith('_NOT_FOUND') ? UNKNOWN_KEY : LOCKED
}
