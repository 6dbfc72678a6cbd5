import type { WorldPerson } from '../../apps/simulators/world/index.ts'
import type { Payment } from '../../contract/client.ts'
import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type Clock, DAY_MS } from '../../kernel/time.ts'
import type { Scope } from '../../modules/partners/index.ts'
import { systemActor } from '../../platform/principal.ts'
import { type Bed, OURS } from '../journeys/bad-input/bed.ts'
import { type Answer, type Caller, callerWith, type Headers } from '../journeys/bad-input/client.ts'
import { type Payer, payFenOf } from '../journeys/bad-input/payer.ts'

// A bank's own system as it pays for its customers: over HTTP, by the interface that docs/interface/webhooks.md describes.

const WRITES: readonly Scope[] = ['payments:read', 'payments:write', 'refunds:write']

export type Institution = {
  id: string
  clientId: string
  clientSecret: string
  caller: Caller
  proof: Headers
  clock: Pick<Clock, 'now'>
}

/** An application of the hospital with these scopes, and its token. */
export async function openInstitution(
  { hub, hubUrl, clock }: Bed,
  scopes: readonly Scope[] = WRITES,
  hospitalId: HospitalId = OURS,
): Promise<Institution> {
  const wish = { name: '滨海银行', kind: 'bank' as const, scopes }
  const added = await hub.partners.registerApplication(hospitalId, wish, systemActor('test'))
  const { id, clientId } = added.application
  const { clientSecret } = added
  const fields = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  }
  const response = await fetch(`${hubUrl}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  const proof = { authorization: `Bearer ${token}` }
  const caller = callerWith(hubUrl, proof, hospitalId)
  return { id, clientId, clientSecret, caller, proof, clock }
}

/** How a person is known to institutions. */
export async function patientIdOf({ hub }: Bed, { idCardNo }: WorldPerson): Promise<string> {
  const personId = await hub.identity.findPersonByMedium('id_card', idCardNo)
  assert(personId, 'the person is known in the region')
  return personId
}

/** The person allows the institution everything here, as they do on their phone. */
export async function allow(by: Institution, { caller }: Pick<Payer, 'caller'>): Promise<void> {
  const { body } = await caller.get('application-grants')
  const { version } = body['text'] as { version: string }
  const mayBe = body['applications'] as { id: string; scopes: string[] }[]
  const scopes = mayBe.find(({ id }) => id === by.id)?.scopes ?? []
  const year = addMs(by.clock.now(), 365 * DAY_MS).toISOString()
  const wish = { applicationId: by.id, scopes, textVersion: version, expiresAt: year }
  const answer = await caller.post('application-grants', wish)
  assert(answer.status === 201, `the person allows it: ${JSON.stringify(answer)}`)
}

export type Bill = { billNo: string; version: number; totalFen: number }

export const wishFor = ({ billNo, version }: Bill, patientId: string) => ({
  patientId,
  bills: [{ billNo, version }],
  channel: 'wechat',
  method: 'account',
  useAccount: false,
})

export async function quoteFor(
  { caller }: Institution,
  bill: Bill,
  patientId: string,
): Promise<Payment> {
  return paymentIn(201, await caller.post('payments', wishFor(bill, patientId)))
}

export async function confirmFor({ caller }: Institution, payment: Payment): Promise<Payment> {
  const wish = { payFen: payFenOf(payment) }
  return paymentIn(200, await caller.post(`payments/${payment.id}/confirmation`, wish))
}

export async function see({ caller }: Institution, { id }: { id: string }): Promise<Payment> {
  return paymentIn(200, await caller.get(`payments/${id}`))
}

function paymentIn(status: number, answer: Answer): Payment {
  assert(answer.status === status, `${status} is answered: ${JSON.stringify(answer)}`)
  return answer.body as unknown as Payment
}
