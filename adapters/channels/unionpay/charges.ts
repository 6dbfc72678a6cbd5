import type { ChargeAnswer, ChargeOrder, ProviderCall } from '../../../modules/payments/index.ts'
import { appFields, codeFields, pageFields, qrCodeFields } from './charge-fields.ts'
import type { ChargeFound, ChargeQuery } from './charge-query.ts'
import { type Client, type ProvenAnswer, unknown } from './client.ts'
import type { Fields } from './message.ts'
import type { UnionPayAccount } from './params.ts'
import { meaningOfRequest, type RequestMeaning } from './translation.ts'

/** Charges by each of the four methods. The same order asked again is the same transaction. */
export function createCharges(
  account: UnionPayAccount,
  client: Client,
  { query, isCodeExpired }: ChargeQuery,
) {
  return { charge }

  async function charge(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    switch (order.method) {
      case 'page': {
        // Nothing is asked here: UnionPay hears of the order when the payer's browser posts it.
        const form = client.form(call, pageFields(account, order))
        return { outcome: 'pending', payerAction: { kind: 'form', ...form } }
      }
      case 'qr_code':
        return place(call, order, 'back', qrCodeFields(account, order))
      case 'app':
        return place(call, order, 'app', appFields(account, order))
      case 'barcode':
        return chargeByCode(call, order)
      default: {
        const reason = `this channel has no ${order.method ?? 'charge without a method'}`
        return { outcome: 'declined', code: 'method_not_served', reason }
      }
    }
  }

  async function place(
    call: ProviderCall,
    order: ChargeOrder,
    endpoint: 'back' | 'app',
    fields: Fields,
  ): Promise<ChargeAnswer> {
    const answer = await client.ask(call, endpoint, fields, (proven): Placed => {
      const meaning = meaningOfRequest(proven)
      return meaning.outcome === 'accepted' ? readAction(proven, endpoint) : meaning
    })
    return answer.outcome === 'pending' ? answer : endOfRefusal(call, order, answer)
  }

  /** The payer's code is used at once and never kept: without it, what became of the charge is all there is to say. */
  async function chargeByCode(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const code = order.presence?.token ?? null
    if (code === null) return withoutCode(await query(call, order), isCodeExpired(order))
    if (!/^\d{10,24}$/.test(code)) {
      return { outcome: 'declined', code: 'code_unknown', reason: 'the code is not of digits' }
    }
    const fields = codeFields(account, order, code)
    const answer = await client.ask(call, 'back', fields, meaningOfRequest)
    if (answer.outcome !== 'accepted') return endOfRefusal(call, order, answer)
    // Accepted is not paid, but often it is so a moment later: the payer stands at the desk.
    const found = await query(call, order)
    return found.outcome === 'confirmed' ? found : { outcome: 'pending', payerAction: null }
  }

  /** A refusal speaks of this try. Whether an earlier one got through, only the query can tell. */
  async function endOfRefusal(
    call: ProviderCall,
    order: ChargeOrder,
    answer: NotAccepted,
  ): Promise<ChargeAnswer> {
    const isAsked = answer.outcome === 'refused' || answer.outcome === 'duplicate'
    const found = isAsked ? await query(call, order) : null
    return found === null || found.outcome === 'absent' ? meaningOfNone(answer) : found
  }
}

function withoutCode(found: ChargeFound, isCodeExpired: boolean): ChargeAnswer {
  if (found.outcome !== 'absent') return found
  if (!isCodeExpired) return unknown('the order is not known, and may be on its way')
  const reason = 'the order never arrived, and the code has expired'
  return { outcome: 'declined', code: 'code_expired', reason }
}

/** What is left of a try that was not accepted when UnionPay knows of no payment. */
function meaningOfNone(answer: NotAccepted): ChargeAnswer {
  switch (answer.outcome) {
    case 'unknown':
      return answer
    case 'unsigned':
      return { outcome: 'declined', code: 'sign_error', reason: answer.reason }
    case 'duplicate':
      // It waits for its payer since an earlier try, and no second code is given.
      return { outcome: 'pending', payerAction: null }
    case 'refused':
      return { outcome: 'declined', code: answer.code, reason: answer.reason }
  }
}

type NotAccepted = Exclude<RequestMeaning, { outcome: 'accepted' }>
type Placed = Extract<ChargeAnswer, { outcome: 'pending' }> | NotAccepted

const MAX_CODE = 512

function readAction({ fields }: ProvenAnswer, endpoint: 'back' | 'app'): Placed {
  const { qrCode = '', tn = '' } = fields
  if (endpoint === 'app') {
    if (!/^\d{10,32}$/.test(tn)) return unknown('the answer holds no tn')
    return { outcome: 'pending', payerAction: { kind: 'app', params: { tn } } }
  }
  if (!URL.canParse(qrCode) || qrCode.length > MAX_CODE) return unknown('the answer holds no code')
  return { outcome: 'pending', payerAction: { kind: 'qr_code', content: qrCode } }
}
