import type { His } from '../../context.ts'
import { nextCount } from '../../memory.ts'
import { hospitalDigits } from '../../registry.ts'
import { CHARSET_NAMES, type Encoding, type Message, type Row } from './er7.ts'
import { stampOf } from './moments.ts'

const VERSION = '2.5'
const SENDER = 'YQHIS'
const HUB_APPLICATION = 'HUB'
const HUB_FACILITY = 'YIQIAO'

/** The next MSH-10: counted, and never used again. */
export const nextControlId = ({ store, registry }: His): string =>
  `H${hospitalDigits(registry.hospital)}${String(nextCount(store, 'hl7 message')).padStart(12, '0')}`

/** MSH of a message of the HIS's own; `structure` as 'SIU_S12'. */
export function headerRow(his: His, of: Heading): Row {
  const { clock, registry } = his
  const [code = '', event = ''] = of.type.split('^')
  return [
    'MSH',
    SENDER,
    registry.hospital.insuranceCode,
    HUB_APPLICATION,
    HUB_FACILITY,
    stampOf(clock.now()),
    '',
    [code, event, of.structure],
    of.controlId,
    'P',
    VERSION,
    '',
    '',
    '',
    '',
    'CHN',
    CHARSET_NAMES[of.encoding],
  ]
}

export type Heading = { type: string; structure: string; controlId: string; encoding: Encoding }

/** MSA: to which message, and how it went. */
export const answerRow = (to: Message, code: 'AA' | 'AE' | 'AR', text = ''): Row => [
  'MSA',
  code,
  to.controlId,
  text,
]
