import { businessDateOf } from '../../../kernel/time.ts'
import type { Call, Centre } from './centre.ts'
import { findByCredential } from './people.ts'
import { findSettlementOfMessage } from './settlements.ts'
import { integerOf, textOf } from './store.ts'
import { findVisit, findVisitOfMessage, nextOrdinal, type Visit } from './visits.ts'
import { memberOf, type Wire } from './wire-json.ts'

/**
 * What a message is about, the same in every run of a seed: the hospital and the visit's own number
 * with the ordinal of its registration, or where there is no visit the person, or else the day.
 *
 * It is found before the input is checked, so it takes whatever is there.
 */
export function faultKeyOf(centre: Centre, call: Call): string {
  const visit = visitOf(centre, call)
  if (visit) return `${call.fixmedinsCode}/${visit.visitNo}#${visit.ordinal}`
  const data = memberOf(call.input, 'data')
  if (OPENING.includes(call.infno)) {
    const visitNo =
      textAt(data, 'ipt_otp_no') || textAt(memberOf(call.input, 'mdtrtinfo'), 'ipt_no')
    const ordinal = nextOrdinal(centre, call.fixmedinsCode, visitNo)
    return `${call.fixmedinsCode}/${visitNo}#${ordinal}`
  }
  const subject = personNoOf(centre, data) || textAt(data, 'stmt_begndate')
  return `${call.fixmedinsCode}/${subject || businessDateOf(call.at)}`
}

/** What the hospital said when it registered the visit, as it came; nothing where there is no visit yet. */
export function registrationOf(centre: Centre, call: Call): string {
  const visit = visitOf(centre, call)
  const sql = 'select registration from visit where mdtrt_id = ?'
  const row = visit && centre.store.get(sql, [visit.id])
  return row ? textOf(row, 'registration') : ''
}

/** 1 for the first time this operation is asked for this key, and so on across restarts. */
export function countAttempt({ store }: Centre, operation: string, key: string): number {
  const row = store.get(
    `insert into attempt values (?, ?, 1)
     on conflict (operation, key) do update set count = count + 1 returning count`,
    [operation, key],
  )
  return integerOf(row, 'count')
}

function visitOf(centre: Centre, call: Call): Visit | null {
  if (OPENING.includes(call.infno)) return findVisitOfMessage(centre, call.msgid)
  const data = memberOf(call.input, 'data')
  if (call.infno === '2601') {
    const row = findSettlementOfMessage(centre, textAt(data, 'omsgid'))
    return row && findVisit(centre, row.visitId)
  }
  const lines = Array.isArray(data) ? data : memberOf(call.input, 'feedetail')
  const first: Wire = Array.isArray(lines) ? ((lines as readonly Wire[])[0] ?? null) : null
  const nodes = ['mdtrtinfo', 'adminfo', 'dscginfo'].map((name) => memberOf(call.input, name))
  const visitId = [data, ...nodes, first]
    .map((node) => textAt(node, 'mdtrt_id'))
    .find((id) => id !== '')
  const visit = visitId === undefined ? null : findVisit(centre, visitId)
  return visit?.fixmedinsCode === call.fixmedinsCode ? visit : null
}

/** The person a message names, by number or by credential. */
function personNoOf(centre: Centre, data: Wire): string {
  const member = findByCredential(
    centre,
    textAt(data, 'mdtrt_cert_type'),
    textAt(data, 'mdtrt_cert_no'),
  )
  return textAt(data, 'psn_no') || (member?.insurance.personNo ?? '')
}

/** What begins a visit or a stay, before there is a mdtrt_id. */
const OPENING = ['2201', '2401']

function textAt(node: Wire, name: string): string {
  const value = memberOf(node, name)
  return typeof value === 'string' ? value : ''
}
