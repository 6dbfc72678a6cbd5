import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

import { MINUTE_MS } from '../../../kernel/time.ts'
import { type Context, nowMs } from './context.ts'
import type { Fields } from './fields.ts'

/** A platform that draws for its people: its number at the gateway, its key, and the hospitals it may draw for. */
export type Partner = {
  partnerNo: string
  publicKeyPem: string
  /** 'RSA' signs with SHA-1, as the gateway always did; 'RSA2' with SHA-256. */
  signType: SignType
  hospCodes: readonly string[]
}

export type SignType = 'RSA' | 'RSA2'

/** How far a request's time may be from ours; its flow number is remembered for longer than that. */
const SKEW_MS = 5 * MINUTE_MS
const FLOW_KEPT_MS = 2 * SKEW_MS + MINUTE_MS

export type Unproven = 'signature' | 'time' | 'replayed'

/** Whose request it is, or why that is not proven. A flow number is used up by the first proven request. */
export function authenticate(
  context: Context,
  partners: ReadonlyMap<string, Partner>,
  form: ReadonlyMap<string, string>,
  fields: Fields,
): Partner | Unproven {
  const partner = partners.get(form.get('hospitalId') ?? '')
  if (!partner || form.get('sign_type') !== partner.signType) return 'signature'
  const signature = Buffer.from(form.get('sign') ?? '', 'base64')
  const key = createPublicKey(partner.publicKeyPem)
  if (!verify(digestName(partner.signType), Buffer.from(textOf(form)), key, signature)) {
    return 'signature'
  }
  const at = fields.moment('tradeTime')
  if (Math.abs(nowMs(context) - at.getTime()) > SKEW_MS) return 'time'
  const flowId = fields.match('flowId', /^[0-9A-Za-z]{16,64}$/)
  return useFlow(context, partner.partnerNo, flowId) ? partner : 'replayed'
}

/** The proof of an answer: over the flow number of its request too, so that it is the answer to no other. */
export const proofOf = (
  key: KeyObject,
  { signType }: Partner,
  flowId: string,
  body: string,
): { sign: string; sign_type: SignType } => ({
  sign: sign(digestName(signType), Buffer.from(`${flowId}\n${body}`), key).toString('base64'),
  sign_type: signType,
})

/** Every parameter that is not empty, by name, without sign and sign_type. */
function textOf(form: ReadonlyMap<string, string>): string {
  return [...form]
    .filter(([name, value]) => name !== 'sign' && name !== 'sign_type' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

const digestName = (signType: SignType) => (signType === 'RSA' ? 'RSA-SHA1' : 'RSA-SHA256')

function useFlow(context: Context, partner: string, flowId: string): boolean {
  const now = nowMs(context)
  context.store.run('delete from flow where at_ms < ?', [now - FLOW_KEPT_MS])
  const used = context.store.get<{ flow_id: string }>(
    `insert into flow (partner, flow_id, at_ms) values (?, ?, ?)
     on conflict do nothing returning flow_id`,
    [partner, flowId, now],
  )
  return used !== null
}
