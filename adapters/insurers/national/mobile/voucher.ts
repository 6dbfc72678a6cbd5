import type {
  CentreAnswer,
  DecodedVoucher,
  MobileCentre,
} from '../../../../modules/insurance/index.ts'
import { SAYS_VOUCHER_EXPIRED } from '../profile.ts'
import { redactText } from '../redact.ts'
import { parseJson, send, type TransportDeps } from '../transport.ts'
import { fieldsOf, optionalTextOf, textOf, Unreadable } from '../wire.ts'
import type { MobileInsuranceParams } from './params.ts'

/** 电子凭证解码, by the HTTP form of NationEcc. What the scanner reads is not looked into. */
export function createVoucher(
  { fixmedinsCode, voucherUrl }: MobileInsuranceParams,
  { clock, timeoutMs }: TransportDeps,
): MobileCentre['decodeVoucher'] {
  return async (call, { code, purpose, operator, office }) => {
    if (voucherUrl === undefined) {
      return { outcome: 'refused', message: 'the contract has no address for vouchers' }
    }
    const startedAt = clock.now()
    const body = JSON.stringify({
      data: {
        orgId: fixmedinsCode,
        ...(code === null ? {} : { ecQrCode: code }),
        businessType: purpose,
        operatorId: operator.code,
        operatorName: operator.name,
        officeId: office.code,
        officeName: office.name,
      },
      orgId: fixmedinsCode,
      transType: 'ec.query',
    })
    const heard = await send(voucherUrl, body, {
      headers: {},
      signal: call.signal,
      limitMs: timeoutMs,
    })
    const answer: CentreAnswer<DecodedVoucher> =
      'silence' in heard
        ? { outcome: 'unknown', reason: heard.silence }
        : read(heard.status, parseJson(heard.bytes), code ?? '')
    call.trace({
      system: 'insurance',
      operation: 'ec.query 电子凭证解码',
      direction: 'out',
      request: JSON.stringify({ orgId: fixmedinsCode, businessType: purpose }),
      response: 'silence' in heard ? '' : `status ${heard.status}, ${heard.bytes.length} bytes`,
      outcome: answer.outcome,
      startedAt,
      durationMs: Math.max(0, clock.now().getTime() - startedAt.getTime()),
    })
    return answer
  }
}

function read(status: number, json: unknown, scanned: string): CentreAnswer<DecodedVoucher> {
  if (status !== 200) return { outcome: 'unknown', reason: `HTTP ${status}` }
  try {
    const answer = fieldsOf(json, 'a JSON object')
    if (textOf(answer, 'code') !== '0') {
      const message = optionalTextOf(answer, 'message') ?? 'no reason given'
      const said = redactText(message, [scanned])
      return SAYS_VOUCHER_EXPIRED.test(message)
        ? { outcome: 'refused', message: said, code: 'voucher_expired' }
        : { outcome: 'refused', message: said }
    }
    const data = fieldsOf(answer['data'], 'data')
    return {
      outcome: 'ok',
      data: {
        token: textOf(data, 'ecToken'),
        idNo: textOf(data, 'idNo'),
        idType: optionalTextOf(data, 'idType') ?? '',
        name: textOf(data, 'userName'),
        insuredRegion: optionalTextOf(data, 'insuOrg'),
      },
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { outcome: 'unknown', reason: error.message }
  }
}
