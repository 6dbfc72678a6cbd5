// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { someAlert, someChannel, someRules } from '../testing/channels.ts'
import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'

// A page is loaded when it is first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const down = someChannel({
  name: 'icbc',
  title: { zh: '工商银行', en: 'ICBC' },
  sharePpm: null,
  health: {
    ...someChannel().health,
    state: 'open',
    openedAt: '2026-11-22T02:07:00.000Z',
    retryAt: '2026-11-22T02:08:00.000Z',
  },
})

/** Two channels, and what else a test answers; the end of a path decides, the longer ones first. */
const hubWith = (routes: Parameters<typeof answerWith>[0]) =>
  answerWith({
    ...routes,
    '/channels/alerts': () => ({ items: [someAlert({ channel: 'icbc' })] }),
    '/departments': () => ({
      items: [{ code: '0203', name: '心内科', doctors: [] }],
      readAt: '2026-11-22T01:00:00.000Z',
      stale: false,
    }),
    '/channels': () => ({ items: [someChannel(), down], unregistered: [] }),
  })

const rowOf = async (name: string) => {
  const link = await screen.findByRole('link', { name })
  const row = link.closest('tr')
  if (!row) throw new Error(`${name} stands in a row`)
  return row.textContent
}

describe('the list', () => {
  it('says of every channel how it stands, in words and figures', async () => {
    hubWith({})
    await openConsole('/channels')
    const wechat = await rowOf('微信支付')
    for (const text of ['核心', '正常', '97.5%', '扣款 29/30 受理', '620 毫秒', '超过 500 毫秒']) {
      expect(wechat).toContain(text)
    }
    for (const text of ['¥1,234.50', '12 笔', '0.38%', '40%', '实际 12%']) {
      expect(wechat).toContain(text)
    }
    const table = screen.getByRole('table', { name: '支付渠道' })
    const icbc = within(table).getByRole('link', { name: '工商银行' }).closest('tr')?.textContent
    for (const text of ['没有响应，已暂停', '10:07', '再试时间 10:08', '无约定']) {
      expect(icbc).toContain(text)
    }
    expect(await screen.findByRole('link', { name: '工商银行有 1 条告警' })).toBeTruthy()
  })

  it('one may not do what the role does not allow: an auditor reads', async () => {
    hubWith({ '/v1/me': () => ({ ...FINANCE, roles: ['auditor'] }) })
    await openConsole('/channels')
    await screen.findByText('等人接手的告警')
    expect(screen.queryByRole('button', { name: /接手/ })).toBeNull()
    expect(screen.getByText('需要信息科或财务角色。')).toBeTruthy()
  })
})

it('an alert is taken with a note, and a colleague who was first is said', async () => {
  const sent = hubWith({
    '/acknowledgement': () => problem(409, 'channels.alert_acknowledged'),
  })
  await openConsole('/channels')
  fireEvent.click(await screen.findByRole('button', { name: '接手：工商银行 没有响应' }))
  fireEvent.change(await screen.findByLabelText(/处理说明/), { target: { value: ' 已联系银行 ' } })
  fireEvent.click(screen.getByRole('button', { name: '确认接手' }))
  expect(await screen.findByText('这条告警已经有人在处理。')).toBeTruthy()
  const request = sent.find(({ method }) => method === 'POST')
  expect(await request?.json()).toEqual({ note: '已联系银行' })
})

describe('terms', () => {
  const openTerms = async () => {
    await openConsole('/channels/wechat')
    fireEvent.click(await screen.findByRole('button', { name: '修改条款' }))
  }

  it('are sent to the fen with what was not touched, and the hub’s refusal is said in words', async () => {
    const sent = hubWith({ '/channels/wechat': () => problem(400, 'channels.day_limit_too_low') })
    await openTerms()
    fireEvent.change(await screen.findByLabelText('单日限额'), { target: { value: '4999.99' } })
    fireEvent.change(screen.getByLabelText('费率'), { target: { value: '0.3' } })
    fireEvent.click(screen.getByRole('button', { name: '保存条款' }))
    expect(await screen.findByText('单日限额不能低于单笔限额。')).toBeTruthy()
    const put = sent.find(({ method }) => method === 'PUT')
    expect(await put?.json()).toEqual({
      title: { zh: '微信支付', en: 'WeChat Pay' },
      methods: ['qr_code', 'page'],
      scenes: ['outpatient'],
      departments: null,
      paymentLimitFen: 500_000,
      dayLimitFen: 499_999,
      feePpm: 3_000,
      feeFixedFen: 0,
      settlementDays: 1,
      sharePpm: 400_000,
      enabled: true,
      order: 0,
    })
  })

  it('name departments as they were, while the hospital’s system does not answer', async () => {
    hubWith({
      '/hospitals/1/departments': () => ({
        items: [{ code: '0203', name: '心内科', doctors: [] }],
        readAt: '2026-11-21T23:00:00.000Z',
        stale: true,
      }),
    })
    await openTerms()
    fireEvent.click(await screen.findByLabelText('全部科室'))
    expect(await screen.findByText(/^医院系统没有应答，这是 .*07:00 的科室。$/)).toBeTruthy()
    expect(screen.getByLabelText('心内科 0203')).toBeTruthy()
  })

  it('that cannot be read are not sent', async () => {
    const sent = hubWith({})
    await openTerms()
    fireEvent.change(await screen.findByLabelText('单日限额'), { target: { value: '五千' } })
    fireEvent.click(screen.getByRole('button', { name: '保存条款' }))
    expect(await screen.findByText(/^单日限额要填大于 0 的金额/)).toBeTruthy()
    expect(sent.filter(({ method }) => method === 'PUT')).toEqual([])
  })
})

describe('rules', () => {
  const own = { name: '大额走银行卡', enabled: false }

  it('stand there in words', async () => {
    hubWith({ '/channels/rules': () => someRules() })
    await openConsole('/channels/rules')
    expect(
      await screen.findByText('金额不低于 ¥10,000.00，且场景为 住院预交 → 优先用 银行卡（20 分）'),
    ).toBeTruthy()
    expect(screen.getByText('第 3 版')).toBeTruthy()
  })

  it('are tried as they were changed, before they are saved', async () => {
    const sent = hubWith({
      '/channels/rules': () => someRules(),
      '/dry-run': () => ({
        ranked: [
          {
            channel: 'wechat',
            method: 'qr_code',
            tier: 'core',
            costFen: 38,
            reasons: [
              { code: 'contract_share', params: { targetPpm: 400_000, actualPpm: 120_000 } },
            ],
          },
        ],
        rejected: [
          { channel: 'icbc', reason: { code: 'over_payment_limit', params: { limitFen: 500 } } },
        ],
      }),
    })
    await openConsole('/channels/rules')
    fireEvent.click(await screen.findByRole('switch', { name: '启用规则 大额走银行卡' }))
    expect(await screen.findByText('按左边未保存的规则；不会产生缴费。')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /^试 ?算$/ }))
    expect(await screen.findByText('约定 40%，实际 12%')).toBeTruthy()
    expect(screen.getByText('限额 ¥5.00')).toBeTruthy()
    const body = (await sent.find(({ method }) => method === 'POST')?.json()) as {
      rules: { rules: object[] }
    }
    expect(body).toMatchObject({ amountFen: 10_000, rules: { rules: [own] } })
    expect(sent.filter(({ method }) => method === 'PUT')).toEqual([])
  })

  it('that somebody else changed meanwhile are not lost: what differs is shown, and one’s own go on', async () => {
    const theirs = { ...someRules({ rules: [] }), version: 4 }
    let kept = someRules()
    const sent = hubWith({
      '/channels/rules': (request) => {
        if (request.method === 'GET') return kept
        if (sent.filter(({ method }) => method === 'PUT').length > 1) return { ...kept, version: 5 }
        kept = theirs
        return problem(409, 'channels.rules_changed')
      },
    })
    await openConsole('/channels/rules')
    fireEvent.click(await screen.findByRole('switch', { name: '启用规则 大额走银行卡' }))
    fireEvent.click(screen.getByRole('button', { name: '保存规则' }))
    expect(await screen.findByText(/系统 已保存第 4 版，您的修改还没有保存/)).toBeTruthy()
    expect(screen.getByText('只有我的版本有：大额走银行卡')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: '在新版本上继续用我的' }))
    fireEvent.click(await screen.findByRole('button', { name: '保存规则' }))
    expect(await screen.findByText('第 5 版')).toBeTruthy()
    const puts = sent.filter(({ method }) => method === 'PUT')
    const bodies = await Promise.all(puts.map((put) => put.json()))
    expect(bodies).toMatchObject([
      { version: 3, rules: { rules: [own] } },
      { version: 4, rules: { rules: [own] } },
    ])
  })

  it('the hub’s word on a wrong rule is said in words', async () => {
    const refusal = {
      type: '/problems/channels.rules_invalid',
      status: 400,
      code: 'channels.rules_invalid',
      params: { rule: '大额走银行卡', problem: 'channel_unknown' },
      instance: 'no-1',
    }
    hubWith({
      '/channels/rules': ({ method }) =>
        method === 'GET' ? someRules() : Response.json(refusal, { status: 400 }),
    })
    await openConsole('/channels/rules')
    fireEvent.click(await screen.findByRole('switch', { name: '启用规则 大额走银行卡' }))
    fireEvent.click(screen.getByRole('button', { name: '保存规则' }))
    expect(
      await screen.findByText('规则“大额走银行卡”有误（有未登记的渠道），请检查。'),
    ).toBeTruthy()
  })
})

it('a report holds what was measured beside its standard, and says what was too little', async () => {
  hubWith({
    '/reports': () => ({
      items: [
        {
          id: '0193a000-0000-7000-8000-0000000000b1',
          channel: 'wechat',
          measuredFrom: '2026-10-23T02:00:00.000Z',
          measuredTo: '2026-11-22T02:00:00.000Z',
          score: 72,
          eligibleTier: 'backup',
          dimensions: [
            {
              name: 'compliance',
              verdict: 'passed',
              score: 100,
              findings: [
                {
                  code: 'document_valid',
                  params: { kind: 'payment_licence', validUntil: '' },
                  verdict: 'passed',
                },
              ],
            },
            {
              name: 'technology',
              verdict: 'failed',
              score: 50,
              findings: [
                {
                  code: 'response_time',
                  params: { p99Ms: 620, mostMs: 500, calls: 12_000 },
                  verdict: 'failed',
                },
                {
                  code: 'availability',
                  params: { availabilityPpm: 0, leastPpm: 999_000, calls: 8 },
                  verdict: 'not_measured',
                },
              ],
            },
          ],
          madeBy: 'system:seed',
          madeAt: '2026-11-22T02:00:00.000Z',
        },
      ],
    }),
  })
  await openConsole('/channels/wechat')
  const table = await screen.findByRole('table', { name: '准入评估' })
  const rows = within(table)
    .getAllByRole('row')
    .map((row) => [...row.querySelectorAll('th,td')].map((cell) => cell.textContent))
  expect(rows).toEqual([
    ['项目', '实测', '标准', '结论'],
    ['合规 100 分', '达标'],
    ['支付业务许可证', '长期有效', '有效', '达标'],
    ['技术 50 分', '不达标'],
    ['99% 响应时间', '620 毫秒（12,000 次）', '不超过 500 毫秒', '不达标'],
    ['可用率', '样本不足（8）', '不低于 99.9%', '数据不足'],
  ])
  expect(screen.getByText('只能定为备用')).toBeTruthy()
})
