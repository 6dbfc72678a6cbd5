import { type Fen, formatYuan } from '../../../kernel/money.ts'
import { html, pagesOf, passwordField } from '../kit/page.ts'
import { type Card, maskedCard } from './cards.ts'
import type { Fields } from './message.ts'

// The cashier's pages as text. Everything that comes from outside passes through `html`, which escapes it; there is
// no script on the page.

export const payView = (order: {
  merchantName: string
  description: string
  amountFen: Fen
  cards: readonly Card[]
  demoPassword: string
  mistake: string | null
  token: string
}): string =>
  page(
    `支付给${order.merchantName}`,
    html`<p class="to">付款给 ${order.merchantName}</p>
      <h1 class="amount"><span class="yen">¥</span>${formatYuan(order.amountFen)}</h1>
      <p class="goods">${order.description === '' ? '订单支付' : order.description}</p>
      <form method="post" action="/cashier/pay" autocomplete="off">
        <input type="hidden" name="token" value="${order.token}" />
        <label for="card">银行卡</label>
        <select id="card" name="card" required>
          ${order.cards.map(
            (card) =>
              html`<option value="${card.cardNo}">
                ${maskedCard(card.cardNo)}（${card.holder}）余额 ${formatYuan(card.balanceFen)}
              </option>`,
          )}
        </select>
        ${passwordField(order)}
        <button class="primary" name="action" value="pay">确认支付</button>
        <button class="plain" name="action" value="cancel" formnovalidate>取消</button>
      </form>`,
  )

/** One thing to know, and the way back: a form, as the merchant is told by post. */
export const messageView = (message: {
  title: string
  hint: string
  back: { url: string; fields: Fields } | null
}): string =>
  page(
    message.title,
    html`<div class="message">
      <h1>${message.title}</h1>
      <p class="hint">${message.hint}</p>
      ${
        message.back === null
          ? []
          : html`<form method="post" action="${message.back.url}">
              ${Object.entries(message.back.fields).map(
                ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
              )}
              <button class="primary">返回商户</button>
            </form>`
      }
    </div>`,
  )

const STYLE = `
.amount { margin-bottom: 8px; }
.goods { margin: 0 0 24px; text-align: center; color: #47505E; overflow-wrap: anywhere; }
`

const page = pagesOf({ name: '银联在线支付', colour: '#1F5FA8', style: STYLE })
