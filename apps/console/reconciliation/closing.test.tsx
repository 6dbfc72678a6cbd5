// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'

import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'

configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

const DATE = '2026-11-20'
const DAY = {
  date: DATE,
  status: 'closed',
  verdict: 'in_case',
  dueAt: null,
  closedAt: '2026-11-21T02:20:00Z',
  lastError: null,
  arrivals: [],
  classes: [],
}
const CHECKS = ['lists_received', 'lists_compared', 'differences_worked_off', 'cases_resolved']

const standingOf = (changes: object = {}) => ({
  date: DATE,
  checklist: CHECKS.map((name) => ({ name, outcome: 'passed', count: 0 })),
  isLocked: false,
  closings: [],
  changedSince: [],
  ...changes,
})
const CLOSED = {
  version: 1,
  digest: 'ab'.repeat(32),
  note: '五分钱待微信回复',
  closedBy: `staff:${FINANCE.staffId}`,
  closedAt: '2026-11-21T03:00:00Z',
  reopened: null,
}

/** `standing` is asked for each time, so that what was done shows. */
function openDay(
  standing: () => object,
  act: () => unknown = () => problem(404, 'http.not_found'),
) {
  return answerWith({
    [`/days/${DATE}/closing/reopening`]: act,
    [`/days/${DATE}/closing`]: (request) => (request.method === 'POST' ? act() : standing()),
    [`/days/${DATE}`]: () => ({ ...DAY, sources: [], bridge: null }),
    '/reconciliation/days': () => ({ items: [DAY] }),
    [`/days/${DATE}/differences`]: () => ({ items: [] }),
  })
}

const card = async () => within(await screen.findByRole('region', { name: '关账' }))
const posted = async (sent: readonly Request[]) => {
  const request = sent.find(({ method }) => method === 'POST')
  return request && [new URL(request.url).pathname.split('/').at(-1), await request.json()]
}

it('cannot be closed before its checklist is done, and says what is left', async () => {
  const open = { name: 'lists_received', outcome: 'open', count: 2 }
  openDay(() => standingOf({ checklist: [open] }))
  await openConsole(`/reconciliation/day?date=${DATE}`)
  const closing = await card()
  expect((await closing.findByRole('listitem')).textContent).toBe('各方账单到齐 去看还有 2 项')
  expect(closing.getByText('清单上的事项办完后才能关账。')).toBeTruthy()
  expect(closing.queryByRole('button')).toBeNull()
})

it('asks why it is closed with cases open, and then shows its reports', async () => {
  const cases = { name: 'cases_resolved', outcome: 'warned', count: 1 }
  let standing = standingOf({ checklist: [cases] })
  const sent = openDay(
    () => standing,
    () => {
      standing = standingOf({ isLocked: true, closings: [CLOSED] })
      return standing
    },
  )
  await openConsole(`/reconciliation/day?date=${DATE}`)
  const closing = await card()
  const button = await closing.findByRole<HTMLButtonElement>('button', { name: '关账' })
  expect(button.disabled).toBe(true)
  const note = closing.getByRole('textbox', { name: '为什么带着未了结的工单关账' })
  fireEvent.change(note, { target: { value: '五分钱待微信回复' } })
  fireEvent.click(button)
  fireEvent.click(await closing.findByRole('button', { name: '第 1 版日报 PDF' }))
  // Without the header the session would not count, and what is saved would be its refusal.
  const path = `/v1/hospitals/1/reconciliation/days/${DATE}/closings/1/report.pdf`
  const asked = () => sent.find(({ url }) => new URL(url).pathname === path)
  await expect.poll(() => asked()?.headers.get('x-yiqiao-app')).toBe('console')
  expect(await posted(sent)).toEqual(['closing', { note: '五分钱待微信回复' }])
  expect(closing.getByText('带未了结事项：五分钱待微信回复')).toBeTruthy()
})

it('says what changed after it was closed, and is opened again with a reason', async () => {
  const changed = {
    source: 'wechat',
    kind: 'charge',
    side: 'theirs',
    before: { count: 2, amountFen: 14_005 },
    after: { count: 2, amountFen: 14_000 },
    deltaFen: -5,
  }
  const locked = standingOf({ isLocked: true, closings: [CLOSED], changedSince: [changed] })
  const sent = openDay(
    () => locked,
    () => standingOf({ closings: [CLOSED] }),
  )
  await openConsole(`/reconciliation/day?date=${DATE}`)
  const closing = await card()
  expect((await closing.findByRole('status')).textContent).toMatch(/微信 收款 对方.*0\.05/)
  const reason = closing.getByRole('textbox', { name: '为什么要重新打开' })
  fireEvent.change(reason, { target: { value: '微信重出账单' } })
  fireEvent.click(closing.getByRole('button', { name: '重新打开' }))
  await expect.poll(() => posted(sent)).toEqual(['reopening', { reason: '微信重出账单' }])
})
