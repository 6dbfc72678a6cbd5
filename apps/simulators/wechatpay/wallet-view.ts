import { type Fen, formatYuan } from '../../../kernel/money.ts'
import { hiddenFields, type Html, html, pagesOf, passwordField } from '../kit/page.ts'

// The wallet's pages as text. Everything that comes from outside passes through `html`, which
// escapes it; there is no script on the page.

/** The order, the payer and the password. */
export const payView = (order: {
  merchantName: string
  description: string
  amountFen: Fen
  /** Who pays; several where the page does not know whose phone it is on. */
  payers: readonly { openid: string; name: string }[]
  action: string
  demoPassword: string
  mistake: string | null
  fields: [string, string][]
}): string =>
  page(
    `支付给${order.merchantName}`,
    html`<p class="to">付款给 ${order.merchantName}</p>
      <h1 class="amount"><span class="yen">¥</span>${formatYuan(order.amountFen)}</h1>
      <dl>
        <div>
          <dt>商品</dt>
          <dd>${order.description}</dd>
        </div>
        <div>
          <dt>付款人</dt>
          <dd>${payerView(order.payers)}</dd>
        </div>
        <div>
          <dt>付款方式</dt>
          <dd>零钱</dd>
        </div>
      </dl>
      <form id="pay" method="post" action="${order.action}" autocomplete="off">
        ${hiddenFields(order.fields)} ${passwordField(order)}
        <button class="primary" name="action" value="pay">确认支付</button>
        <button class="plain" name="action" value="cancel" formnovalidate>取消</button>
      </form>`,
  )

const payerView = (payers: readonly { openid: string; name: string }[]): Html | string => {
  const [only, ...others] = payers
  if (others.length === 0) return only?.name ?? ''
  return html`<select name="openid" form="pay" aria-label="付款人">
    ${payers.map(({ openid, name }) => html`<option value="${openid}">${name}</option>`)}
  </select>`
}

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

const page = pagesOf({ name: '微信支付', colour: '#1F7A3D' })
