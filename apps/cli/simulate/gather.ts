import type { FinanceDay, Payment } from '../../../contract/client.ts'
import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { World } from '../../simulators/world/index.ts'
import { DEMO_PASSWORD, staffLogin } from '../sandbox/seed.ts'
import type { ApiAnswer, ApiClient, Session } from './api-client.ts'

export type DifferenceCount = { source: string; class: string; status: string; count: number }

const PAGE = 200

/** Reads the outcome as each hospital's finance would, by the public API: all `dates`, of which `toClose` are done with. */
export async function gatherOutcome(
  client: ApiClient,
  world: World,
  { dates, toClose }: { dates: readonly BusinessDate[]; toClose: readonly BusinessDate[] },
) {
  const days = new Map<HospitalId, FinanceDay[]>()
  const payments: Payment[] = []
  const differences: FoundDifference[] = []
  const cases: { class: string }[] = []
  const reconciliation: { hospitalId: number; date: string; status: string }[] = []
  for (const { id } of world.hospitals) {
    const staff = await client.signIn('console', staffLogin(id), DEMO_PASSWORD)
    const ofHospital: FinanceDay[] = []
    for (const date of dates) ofHospital.push(bodyOf(await staff.financeDay(id, date)))
    days.set(id, ofHospital)
    const paid = await allPayments(staff, id)
    payments.push(...paid)
    // A hospital's days begin with its first payment: where there was none, there is nothing to compare.
    for (const date of paid.length > 0 ? toClose : []) {
      const day = bodyOf(await staff.get<{ status: string }>(dayPath(id, date)))
      reconciliation.push({ hospitalId: id, date, status: day.status })
    }
    for (const date of dates) {
      const found = await allDifferences(staff, id, date)
      differences.push(...found.map((difference) => ({ ...difference, hospitalId: id })))
    }
    cases.push(...(await openCases(staff, id)))
  }
  return {
    days,
    payments,
    inCases: [
      ...differences.filter((difference) => difference.status === 'in_case'),
      ...differences
        .filter(isGivenBack)
        .flatMap((charge) => [charge, { ...charge, kind: 'return' }]),
    ],
    differences: countBy(differences, (d) => `${d.source} ${d.class} ${d.status}`).map(
      ([key, count]) => {
        const [source = '', className = '', status = ''] = key.split(' ')
        return { source, class: className, status, count }
      },
    ),
    openCases: countBy(cases, (c) => c.class).map(([key, count]) => ({ class: key, count })),
    reconciliation,
  }
}

const dayPath = (id: HospitalId, date: BusinessDate) =>
  `/v1/hospitals/${id}/reconciliation/days/${date}`

async function allPayments(staff: Session, id: HospitalId): Promise<Payment[]> {
  const found: Payment[] = []
  for (;;) {
    const before = found.at(-1)
    const query = `limit=${PAGE}${before ? `&before=${before.id}` : ''}`
    const path = `/v1/hospitals/${id}/payments?${query}`
    const { items } = bodyOf(await staff.get<{ items: Payment[] }>(path))
    found.push(...items)
    if (items.length < PAGE) return found
  }
}

/**
 * The hospital said that it had booked a payment, had not, and could not any more: the payer has the money again. Our books
 * have the payment and its return, the hospital's have neither, and no case is needed.
 */
const isGivenBack = ({ source, kind, status, repair }: Difference): boolean =>
  source === 'his' && kind === 'charge' && status === 'repaired' && repair === 'give_back'

type Difference = {
  id: string
  source: string
  class: string
  kind: string
  status: string
  repair: string | null
  oursFen: number | null
  theirsFen: number | null
}

export type FoundDifference = Difference & { hospitalId: HospitalId }

async function allDifferences(
  staff: Session,
  id: HospitalId,
  date: BusinessDate,
): Promise<Difference[]> {
  const found: Difference[] = []
  for (;;) {
    const after = found.at(-1)
    const query = `limit=${PAGE}${after ? `&after=${after.id}` : ''}`
    const path = `${dayPath(id, date)}/differences?${query}`
    const { items } = bodyOf(await staff.get<{ items: Difference[] }>(path))
    found.push(...items)
    if (items.length < PAGE) return found
  }
}

async function openCases(staff: Session, id: HospitalId): Promise<{ class: string }[]> {
  const path = `/v1/hospitals/${id}/reconciliation/cases?status=open&limit=${PAGE}`
  return bodyOf(await staff.get<{ items: { class: string }[] }>(path)).items
}

function bodyOf<T>(answer: ApiAnswer<T>): T {
  assert(answer.ok, `finance may look: ${answer.ok ? '' : answer.code}`)
  return answer.body
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): [string, number][] {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))
}
