// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'

import type { CatalogueItem } from '../../../contract/client.ts'
import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'
import { readCatalogueSearch } from './search.ts'

// A page is loaded when it is first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const waiting: CatalogueItem = {
  code: 'Z1',
  name: '复方甘草片',
  spec: '100片',
  unit: '瓶',
  unitPriceFen: 1_250,
  chargeCategory: '09',
  nationalCode: null,
  status: 'waiting',
  entryCode: null,
  confidence: 0,
  reasons: [{ code: 'name_similar', params: { alike: 820 } }],
  candidates: [
    {
      code: 'XA01',
      name: '复方甘草口服片',
      confidence: 820,
      reasons: [
        { code: 'price_above_limit', params: { priceFen: 1_250, limitMicroYuan: 9_500_000 } },
      ],
    },
  ],
}

const measured = {
  insutype: '310',
  settlements: 12,
  exact: 9,
  averageTotalFen: 20_000,
  averageCashFen: -150,
  averageCashOffFen: 210,
  averageFundOffFen: 220,
  averageScopeOffFen: 300,
  worstCashOffFen: 1_999,
}

const ROUTES = {
  '/catalogue/items': () => ({ items: [waiting] }),
  '/catalogue/estimate-accuracy': () => ({ items: [measured] }),
}

it('lists what waits for a person with its best proposal, and how far estimates were off', async () => {
  answerWith(ROUTES)
  await openConsole('/catalogue?date=2026-11-22')
  await screen.findByText('复方甘草片')
  const table = screen.getByRole('table', { name: '院内项目' })
  for (const words of ['Z1 · 100片', '¥12.50', '名称相似度 820‰。', '可能是 复方甘草口服片']) {
    expect(table.textContent).toContain(words)
  }
  const figures = await screen.findByRole('table', { name: '估算与医保结算的差异' })
  for (const words of ['职工医保', '12', '9', '−¥1.50', '¥2.10', '¥19.99']) {
    expect(figures.textContent).toContain(words)
  }
})

it('matches by hand only with a choice and a reason, and sends both', async () => {
  const sent = answerWith({
    ...ROUTES,
    '/items/Z1/decision': () => ({ ...waiting, status: 'decided', entryCode: 'XA01' }),
  })
  await openConsole('/catalogue')
  fireEvent.click(await screen.findByRole('button', { name: '对照 复方甘草片' }))
  const dialog = await screen.findByRole('dialog')
  expect(dialog.textContent).toContain('单价 ¥12.50 高于医保限价 ¥9.50。')
  const save = within(dialog).getByRole('button', { name: '保存对照' })
  expect((save as HTMLButtonElement).disabled).toBe(true)
  fireEvent.click(within(dialog).getByLabelText(/复方甘草口服片/))
  expect(dialog.textContent).toContain('请写明依据。')
  fireEvent.change(within(dialog).getByLabelText(/依据/), { target: { value: '同一批准文号' } })
  fireEvent.click(save)
  await expect.poll(() => sent.filter(({ method }) => method === 'POST').length).toBe(1)
  const body: unknown = await sent.find(({ method }) => method === 'POST')?.json()
  expect(body).toEqual({ entryCode: 'XA01', reason: '同一批准文号' })
})

it('finds an entry in the whole catalogue', async () => {
  const sent = answerWith({
    ...ROUTES,
    '/catalogue/entries': () => ({
      version: '2026-01',
      items: [{ ...ENTRY, code: 'XB9', name: '甘草酸片' }],
    }),
  })
  await openConsole('/catalogue?item=Z1')
  const dialog = await screen.findByRole('dialog')
  fireEvent.change(within(dialog).getByLabelText('名称或编码'), { target: { value: '甘草酸' } })
  fireEvent.click(within(dialog).getByRole('button', { name: /查\s?找/ }))
  fireEvent.click(await within(dialog).findByRole('button', { name: '选这条 甘草酸片' }))
  expect(dialog.textContent).toContain('已选： 甘草酸片')
  const asked = sent.find(({ url }) => url.includes('/entries'))
  expect(new URL(asked?.url ?? '').searchParams.get('text')).toBe('甘草酸')
})

it('offers no matching to an auditor, says why the list did not come, and when it is empty', async () => {
  answerWith({ ...ROUTES, '/v1/me': () => ({ ...FINANCE, roles: ['auditor'] }) })
  await openConsole('/catalogue')
  await screen.findByText('复方甘草片')
  expect(screen.queryByRole('button', { name: /对照/ })).toBeNull()
  cleanup()
  answerWith({
    ...ROUTES,
    '/catalogue/items': () => problem(422, 'catalogue.hospital_not_set'),
    '/catalogue/estimate-accuracy': () => ({ items: [] }),
  })
  await openConsole('/catalogue')
  await screen.findByText('还没有设置医院使用的医保目录。')
  await screen.findByText('这段时间还没有可比较的结算。')
  cleanup()
  answerWith({ ...ROUTES, '/catalogue/items': () => ({ items: [] }) })
  await openConsole('/catalogue?status=decided')
  await screen.findByText('还没有人工对照过的项目。')
})

it('reads only what makes sense from the address', () => {
  expect(readCatalogueSearch({ status: 'matched', after: 'Y1', item: 'Z1' })).toEqual({
    status: 'matched',
    after: 'Y1',
    item: 'Z1',
  })
  expect(readCatalogueSearch({ status: 'lost', after: '', item: 'x'.repeat(200) })).toEqual({})
})

const ENTRY = {
  kind: 'drug',
  substance: null,
  atc: null,
  form: null,
  spec: '50mg',
  unit: '盒',
  coverClass: 'A',
  priceLimits: [],
  firstSharePpm: 0,
  isLimited: false,
  validFrom: '2026-01-01',
  validTo: null,
}
