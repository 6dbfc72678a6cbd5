// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'

import { answerWith, FINANCE, openConsole } from '../testing/console.tsx'

configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

const CASE_ID = '0190b3a0-0000-7000-8000-000000000021'
const ID = '0190b3a0-0000-7000-8000-000000000022'
const CASE = {
  id: CASE_ID,
  class: 'amount',
  subject: 'line:wechat:charge:N1',
  date: '2026-11-20',
  source: 'wechat',
  amountFen: 5,
  reason: 'amount',
  status: 'open',
  owner: null,
  openedAt: '2026-11-21T02:10:00Z',
  dueAt: '2026-11-21T04:10:00Z',
  isOverdue: false,
  resolution: null,
  resolvedAt: null,
  differences: [],
  notes: [],
}
const proposalOf = (proposedBy: string) => ({
  id: ID,
  caseId: CASE_ID,
  kind: 'hang_surplus',
  provider: 'wechat',
  amountFen: 5,
  reason: '微信多五分',
  proposedBy,
  proposedAt: '2026-11-21T03:00:00Z',
  decision: null,
})

/** The proposal that waits, by whom; null for none. */
function openCase(proposedBy: string | null) {
  const items = proposedBy === null ? [] : [proposalOf(proposedBy)]
  const offered = ['hang_surplus', 'write_off_shortage']
  return answerWith({
    [`/cases/${CASE_ID}/adjustments`]: ({ method }) =>
      method === 'POST' ? proposalOf(`staff:${FINANCE.staffId}`) : { items, offered, mostFen: 5 },
    [`/adjustments/${ID}/decision`]: () => proposalOf('staff:x'),
    [`/cases/${CASE_ID}`]: () => CASE,
  })
}

const card = async () => within(await screen.findByRole('region', { name: '调账' }))
const posted = (sent: readonly Request[]) =>
  Promise.all(
    sent
      .filter(({ method }) => method === 'POST')
      .map((request) => request.clone().json() as Promise<object>),
  )

it('is proposed with an amount no greater than the case is about', async () => {
  const sent = openCase(null)
  await openConsole(`/cases/${CASE_ID}`)
  const adjust = await card()
  const amount = await adjust.findByRole<HTMLInputElement>('textbox', { name: '金额（元）' })
  expect(amount.value).toBe('0.05')
  fireEvent.change(amount, { target: { value: '0.06' } })
  expect(adjust.getByText('金额要大于零，不超过工单涉及的金额。')).toBeTruthy()
  fireEvent.change(adjust.getByRole('textbox', { name: '理由与依据' }), {
    target: { value: '微信多五分' },
  })
  fireEvent.click(adjust.getByRole('button', { name: '提请复核' }))
  expect(await posted(sent)).toEqual([])
  fireEvent.change(amount, { target: { value: '0.05' } })
  fireEvent.click(adjust.getByRole('radio', { name: /短款核销/ }))
  fireEvent.click(adjust.getByRole('button', { name: '提请复核' }))
  await expect
    .poll(() => posted(sent))
    .toEqual([{ kind: 'write_off_shortage', amountFen: 5, reason: '微信多五分' }])
})

it('waits for another person: its own proposer can only withdraw it', async () => {
  openCase(`staff:${FINANCE.staffId}`)
  await openConsole(`/cases/${CASE_ID}`)
  const adjust = await card()
  await adjust.findByText('等待另一位财务复核。')
  expect(adjust.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['撤 回'])
})

it('is agreed to by somebody else, with a remark', async () => {
  const sent = openCase('staff:0190b3a0-0000-7000-8000-0000000000aa')
  await openConsole(`/cases/${CASE_ID}`)
  const adjust = await card()
  const note = await adjust.findByRole('textbox', { name: '复核意见' })
  fireEvent.change(note, { target: { value: '查过后台' } })
  fireEvent.click(adjust.getByRole('button', { name: '同意并记账' }))
  await expect.poll(() => posted(sent)).toEqual([{ outcome: 'approved', note: '查过后台' }])
})
