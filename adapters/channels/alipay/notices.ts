import { parseYuan } from '../../../kernel/money.ts'
import type { NoticeReading, NoticeRefusal, RawNotice } from '../../../modules/payments/index.ts'
import type { AlipayAccount } from './params.ts'
import { isNoticeSigned } from './signing.ts'

/** A notice has some two kilobytes; anything far past that is none. */
const MAX_NOTICE_BYTES = 64 * 1024

/**
 * Reads a notice: proven by its signature, held against our application and merchant. It only says what to ask about;
 * what happened, and whether the amount is right, is told by the query.
 */
export function readNotice(account: AlipayAccount, { body }: RawNotice): NoticeReading {
  const values = body.length > MAX_NOTICE_BYTES ? null : readForm(body)
  if (values === null) return refused('unreadable')
  const { verification } = account
  const keys =
    verification.mode === 'public_key'
      ? [verification.alipayKey]
      : [...verification.alipayKeys.values()]
  const value = (name: string) => values.get(name) ?? ''
  // It is not always signed itself, and names the only algorithm that is read here.
  if (value('sign_type') !== 'RSA2') return refused('signature')
  if (!keys.some((key) => isNoticeSigned(key, values))) return refused('signature')

  if (value('app_id') !== account.appId) return refused('foreign')
  if (AGREEMENT_NOTICES.has(value('notify_type'))) return readAgreementNotice(value)
  if (value('seller_id') !== account.sellerId) return refused('foreign')
  const [noticeId, tradeNo, status] = [
    value('notify_id'),
    value('out_trade_no'),
    value('trade_status'),
  ]
  const isWhole = [noticeId, tradeNo, status].every((text) => /^[\x21-\x7e]{1,128}$/.test(text))
  if (!isWhole || parseYuan(value('total_amount')) === null) return refused('unreadable')

  const refundNo = value('out_biz_no')
  const isRefund = value('gmt_refund') !== '' || value('refund_fee') !== ''
  const isOurRefund = isRefund && refundNo !== '' && refundNo !== tradeNo
  if (isOurRefund && !/^[\x21-\x7e]{1,64}$/.test(refundNo)) return refused('unreadable')
  const said = `${status} out_trade_no ${tradeNo}`
  return {
    outcome: 'read',
    dedupeKey: noticeId,
    about: isOurRefund ? { kind: 'refund', refundNo } : { kind: 'charge', tradeNo },
    summary: isOurRefund ? `${said} out_biz_no ${refundNo}` : said,
  }
}

/** 签约 and 解约: of an application, without a merchant or an amount. */
const AGREEMENT_NOTICES: ReadonlySet<string> = new Set(['dut_user_sign', 'dut_user_unsign'])

function readAgreementNotice(value: (name: string) => string): NoticeReading {
  const [noticeId, signNo, status] = [
    value('notify_id'),
    value('external_agreement_no'),
    value('status'),
  ]
  const isWhole = [noticeId, signNo, status].every((text) => /^[\x21-\x7e]{1,128}$/.test(text))
  if (!isWhole) return refused('unreadable')
  const summary = `${status} external_agreement_no ${signNo}`
  return { outcome: 'read', dedupeKey: noticeId, about: { kind: 'agreement', signNo }, summary }
}

/** The values of a form, decoded once; null when it is not UTF-8 or names a value twice. */
function readForm(body: Buffer): Map<string, string> | null {
  const values = new Map<string, string>()
  for (const pair of body.toString('latin1').split('&')) {
    const [name = '', ...rest] = pair.split('=')
    const [key, value] = [decode(name), decode(rest.join('='))]
    if (key === null || value === null || values.has(key)) return null
    values.set(key, value)
  }
  return values
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}

const refused = (code: NoticeRefusal): NoticeReading => ({ outcome: 'refused', code })
