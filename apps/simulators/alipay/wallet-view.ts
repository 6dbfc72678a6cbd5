import { type Fen, formatYuan } from '../../../kernel/money.ts'
import { hiddenFields, type Html, html, pagesOf, passwordField } from '../kit/page.ts'

// The wallet's pages as text. Everything that comes from outside passes through `html`, which escapes it; there is
// no script on the page.

export type Payer = { buyerId: string; name: string; logonId: string }

/** The trade, the payer and the password. */
export const payView = (trade: {
  merchantName: string
  subject: string
  amountFen: Fen
  payers: readonly Payer[]
  demoPassword: string
  mistake: string | null
  fields: [string, string][]
}): string =>
  page(
    `付款给${trade.merchantName}`,
    html`<p class="to">付款给 ${trade.merchantName}</p>
      <h1 class="amount"><span class="yen">¥</span>${formatYuan(trade.amountFen)}</h1>
      <dl>
        <div>
          <dt>订单信息</dt>
          <dd>${trade.subject}</dd>
        </div>
        <div>
          <dt>付款方式</dt>
          <dd>账户余额</dd>
        </div>
      </dl>
      <form method="post" action="/wallet/pay" autocomplete="off">
        ${hiddenFields(trade.fields)} ${payerField(trade.payers)} ${passwordField(trade)}
        <button class="primary" name="action" value="pay">确认付款</button>
        <button class="plain" name="action" value="cancel" formnovalidate>取消</button>
      </form>`,
  )

/** Nobody is signed in here, so whoever pays says who they are. */
export const payerField = (payers: readonly Payer[]): Html =>
  html`<label for="buyer">付款人</label>
    <select id="buyer" name="buyer_id">
      ${payers.map(
        ({ buyerId, name, logonId }) =>
          html`<option value="${buyerId}">${name} ${logonId}</option>`,
      )}
    </select>`

/** The digits for a merchant's scanner. */
export const barcodeView = (shown: {
  payers: readonly Payer[]
  name: string | null
  code: string | null
}): string =>
  page(
    '付款码',
    html`${
        shown.code === null
          ? []
          : html`<p class="to">${shown.name ?? ''} 的付款码</p>
              <h1 class="code">${shown.code}</h1>
              <p class="hint">一分钟内有效，只能使用一次</p>`
      }
      <form method="get" action="/wallet/barcode">
        ${payerField(shown.payers)}
        <button class="primary">显示付款码</button>
      </form>`,
  )

/** One thing to know, and the way back. */
export const messageView = (message: {
  title: string
  hint: string
  returnUrl: string | null
}): string =>
  page(
    message.title,
    html`<div class="message">
      <h1>${message.title}</h1>
      <p class="hint">${message.hint}</p>
      ${
        message.returnUrl === null
          ? []
          : html`<a class="button primary" href="${message.returnUrl}">返回商户</a>`
      }
    </div>`,
  )

const STYLE = `
.code { margin: 4px 0; text-align: center; font-size: 26px; font-variant-numeric: tabular-nums; }
.code + .hint { text-align: center; }
`

export const page = pagesOf({ name: '支付宝', colour: '#1258C4', style: STYLE })
