import type { IncomingMessage, ServerResponse } from 'node:http'

import { AppError } from '../../../kernel/error.ts'
import { toYuanText } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import { businessDateOf, toShanghaiText } from '../../../kernel/time.ts'
import { isSandboxValue, SANDBOX_VALUES, type SandboxValue } from '../kit/sandbox-values.ts'
import { isPaid } from './bill-rows.ts'
import type { His } from './context.ts'
import type { HisControls } from './controls.ts'
import { hisErrors } from './errors.ts'
import { VISIT_ACTIONS, visitForms } from './panel-visits.ts'
import type { Bill, BillItem } from './protocol.ts'
import { personOf } from './registry.ts'

/** Answers all paths that are not the interface's. A body of null was too large. */
export type Panel = (
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer | null,
) => void

/** A page for a demonstration: the last bills, and buttons for what the hospital's staff would do. */
export function createPanel(his: His, controls: HisControls, random: Random): Panel {
  return (request, response, body) => {
    const { method, url } = request
    if (method === 'GET' && url === '/') return sendPage(response, 200, pageOf(his, controls, ''))
    const action = ACTIONS[url ?? '']
    if (method !== 'POST' || !action) return sendPage(response, 404, textPage('没有这个页面'))
    // A form of another site must not press these buttons.
    const site = request.headers['sec-fetch-site'] ?? 'same-origin'
    if (site !== 'same-origin' && site !== 'none') {
      return sendPage(response, 403, textPage('只接受本页面的表单'))
    }
    if (!body) return sendPage(response, 413, textPage('表单太大'))
    const failure = tryAction(() =>
      action(controls, new URLSearchParams(body.toString('utf8')), random),
    )
    if (failure) return sendPage(response, 409, pageOf(his, controls, failure))
    response.writeHead(303, { location: '/' }).end()
  }
}

/** What the staff did wrong, in words; anything but a foreseen refusal is a bug and thrown on. */
function tryAction(action: () => unknown): string | null {
  try {
    action()
    return null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const details = Object.entries(error.params).map(([name, value]) => `${name}: ${value}`)
    return `${REASONS[error.code] ?? error.code}（${details.join('，')}）`
  }
}

type Action = (controls: HisControls, form: URLSearchParams, random: Random) => unknown

const ACTIONS: Record<string, Action> = {
  ...Object.fromEntries(
    Object.entries(VISIT_ACTIONS).map(([path, act]): [string, Action] => [
      path,
      (controls, form) => act(controls, (name) => textIn(form, name)),
    ]),
  ),
  '/panel/create': (controls, form, random) =>
    controls.createRandomBill(random, numberIn(form, 'personNo'), valueIn(form)),
  '/panel/add-item': (controls, form) =>
    controls.addItem(textIn(form, 'billNo'), {
      code: textIn(form, 'code'),
      quantity: numberIn(form, 'quantity'),
    }),
  '/panel/void': (controls, form) => controls.voidBill(textIn(form, 'billNo')),
  '/panel/dispense': (controls, form) => controls.dispense(textIn(form, 'billNo'), linesIn(form)),
  '/panel/request-refund': (controls, form) =>
    controls.requestRefund(textIn(form, 'billNo'), linesIn(form), textIn(form, 'reason')),
}

const textIn = (form: URLSearchParams, name: string): string => (form.get(name) ?? '').trim()
const numberIn = (form: URLSearchParams, name: string): number => Number(textIn(form, name))
function valueIn(form: URLSearchParams): SandboxValue | undefined {
  const text = textIn(form, 'value')
  if (text === '') return undefined
  if (!isSandboxValue(text)) throw hisErrors.value_unknown({ value: text.slice(0, 40) })
  return text
}

const linesIn = (form: URLSearchParams): number[] => form.getAll('line').map(Number)

const REASONS: Record<string, string> = {
  'his.value_unknown': '没有这个测试值',
  'his.person_unknown': '没有这个人',
  'his.item_unknown': '价目表中没有这个项目',
  'his.bill_unknown': '没有这张账单',
  'his.clinic_unknown': '没有这次出诊',
  'his.department_unknown': '没有这个科室',
  'his.stay_unknown': '没有这次住院',
  'his.stay_not_open': '病人不在院',
  'his.line_unknown': '账单没有这一行',
  'his.items_missing': '没有选择项目',
  'his.items_too_many': '项目太多',
  'his.quantity_invalid': '数量不对',
  'his.reason_invalid': '请填写原因',
  'his.bill_not_open': '账单不是待缴状态',
  'his.bill_not_paid': '账单还没有缴费',
  'his.line_not_charged': '项目已发放或已退费',
  'his.line_locked': '项目正在退费',
  'his.line_asked_for': '项目已申请退费',
  'his.hub_unknown': '没有连接医桥平台',
}

function pageOf(his: His, controls: HisControls, failure: string): string {
  const { clock, registry } = his
  const { name, shortName } = registry.hospital
  const now = clock.now()
  const day = controls.dayTotals(businessDateOf(now))
  const findings = controls.checkBooks()
  const bills = controls.bills({ newestFirst: true, limit: SHOWN_BILLS })
  const options = registry.catalogue.map(
    (i) =>
      `<option value="${escape(i.code)}">${escape(i.name)} ${toYuanText(i.priceFen)} 元</option>`,
  )
  const content = `<h1>${escape(name)} HIS</h1>
<p>${toShanghaiText(now)} · 今日收费 ${day.payments} 笔 ${toYuanText(day.paymentsFen)} 元 ·
退费 ${day.refunds} 笔 ${toYuanText(day.refundsFen)} 元 ·
账册${findings.length === 0 ? '相符' : `不符：${escape(findings.join('；'))}`}</p>
${failure && `<p class="failure" role="alert">${escape(failure)}</p>`}
<form method="post" action="/panel/create"><label>病人序号
<input name="personNo" type="number" min="1" required></label>
<label>测试值 <select name="value"><option value="">无</option>${VALUE_OPTIONS}</select></label> <button>开一张随机账单</button></form>
${visitForms(his, escape)}
<datalist id="catalogue">${options.join('')}</datalist>
${bills.map((bill) => sectionOf(his, bill)).join('\n') || '<p>还没有账单</p>'}`
  return htmlPage(`${shortName} HIS`, content)
}

const SHOWN_BILLS = 30
const VALUE_OPTIONS = SANDBOX_VALUES.map((value) => `<option>${value}</option>`).join('')

function sectionOf({ registry }: His, bill: Bill): string {
  const person = personOf(registry, bill.patientNo)
  const billNo = `<input type="hidden" name="billNo" value="${escape(bill.billNo)}">`
  const money = bill.paymentNo ? ` · 支付单 ${bill.paymentNo} · 收据 ${bill.receiptNo ?? ''}` : ''
  return `<section><h2>${escape(bill.billNo)} <small>${STATUSES[bill.status]}</small></h2>
<p>${escape(person?.name ?? bill.patientNo)}（序号 ${person?.no ?? '—'}）· ${escape(bill.department.name)} ·
${escape(bill.doctor.name)} · ${escape(bill.diagnosis.name)} · 第 ${bill.version} 版 ·
合计 ${toYuanText(bill.totalFen)} 元${escape(money)}</p>
<form method="post">${billNo}<table><thead><tr><th>选</th><th>项目</th><th>规格</th><th>类</th>
<th>单价</th><th>数量</th><th>金额</th><th>状态</th></tr></thead>
<tbody>${bill.items.map(rowOf).join('')}</tbody></table>
${isPaid(bill) ? PAID_BUTTONS : ''}</form>${bill.status === 'open' ? openForms(billNo) : ''}</section>`
}

const rowOf = (item: BillItem): string => `<tr><td><input type="checkbox" name="line"
value="${item.lineNo}" aria-label="第 ${item.lineNo} 行"${item.status === 'charged' ? '' : ' disabled'}></td>
<td>${escape(item.name)}</td><td>${escape(item.spec)}</td><td>${CLASSES[item.insuranceClass]}</td>
<td class="amount">${toYuanText(item.unitPriceFen)}</td><td class="amount">${item.quantity}</td>
<td class="amount">${toYuanText(item.amountFen)}</td><td>${LINE_STATUSES[item.status]}</td></tr>`

// Enter in the reason's field presses the first button, so that must be the one that belongs to it.
const PAID_BUTTONS = `<label>退费原因 <input name="reason" maxlength="200" value="医生停用"></label>
<button formaction="/panel/request-refund">申请退费</button>
<button formaction="/panel/dispense">发药 / 执行</button>`

const openForms = (
  billNo: string,
): string => `<form method="post" action="/panel/add-item">${billNo}
<label>项目编码 <input name="code" list="catalogue" required></label>
<label>数量 <input name="quantity" type="number" min="1" max="1000" value="1"></label>
<button>加项目</button></form>
<form method="post" action="/panel/void">${billNo}<button>作废</button></form>`

const STATUSES = {
  open: '待缴费',
  paid: '已缴费',
  void: '已作废',
  part_refunded: '部分退费',
  refunded: '已退费',
} as const
const LINE_STATUSES = { charged: '已计费', dispensed: '已发放', refunded: '已退费' } as const
const CLASSES = { A: '甲', B: '乙', C: '丙' } as const

const textPage = (text: string): string =>
  htmlPage(text, `<p>${escape(text)}</p><a href="/">返回</a>`)

const htmlPage = (title: string, content: string): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${escape(title)}</title>
<meta name="viewport" content="width=device-width"><style>
body { font: 15px/1.6 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
section { border-top: 1px solid #ccc; margin-top: 1.5rem } form { margin: .5rem 0 }
table { border-collapse: collapse } td, th { padding: .1rem .6rem; text-align: left }
.amount { text-align: right; font-variant-numeric: tabular-nums } .failure { color: #b00020 }
</style></head><body>${content}</body></html>`

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

function sendPage(response: ServerResponse, status: number, html: string): void {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  }
  response.writeHead(status, headers).end(html)
}
