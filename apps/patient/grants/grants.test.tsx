// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { loadPayerWords } from '../parts/payer-words.ts'
import { show } from '../testing/show.tsx'
import { GrantsPage } from './GrantsPage.tsx'
import type { Grant } from './use-grants.ts'

const BANK = '0190b3a0-0000-7000-8000-00000000000b'
const GRANT: Grant = {
  id: '0190b3a0-0000-7000-8000-000000000001',
  applicationId: BANK,
  scopes: ['verify'],
  by: 'institution',
  textVersion: null,
  agreementNo: 'XY20261122001',
  state: 'in_force',
  givenAt: '2026-11-21T02:00:00.000Z',
  expiresAt: '2027-11-20T02:00:00.000Z',
  withdrawnAt: null,
}

// The hub as far as this page sees it.
let grants: Grant[] = []
let sent: { path: string; body: Record<string, unknown> | null }[] = []

beforeEach(async () => {
  grants = []
  sent = []
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/v1/health') return Response.json({ at: '2026-11-21T02:00:00.000Z' })
    if (pathname === '/v1/hospitals') {
      return Response.json({ items: [{ id: 1, name: '第一医院', shortName: '一院' }] })
    }
    if (request.method === 'GET') {
      const application = { id: BANK, name: '滨海银行', kind: 'bank', scopes: ['verify', 'pay'] }
      const text = { version: '2026-11', zh: '授权说明全文', en: 'the whole text' }
      return Response.json({ applications: [application], grants, text })
    }
    const body = await request.text()
    sent.push({ path: pathname, body: body === '' ? null : JSON.parse(body) })
    grants = pathname.endsWith('withdrawal') ? [] : [{ ...GRANT, by: 'person', agreementNo: null }]
    return pathname.endsWith('withdrawal')
      ? new Response(null, { status: 204 })
      : Response.json(grants[0], { status: 201 })
  })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

async function open() {
  const shown = show(<GrantsPage />)
  await shown
  await loadPayerWords()
  return screen.findByRole('switch')
}

describe('what a person allows applications', () => {
  it('is nothing at first; the whole text is shown, nothing is ticked, and what is ticked is sent', async () => {
    fireEvent.click(await open())
    expect(await screen.findByText('授权说明全文')).toBeTruthy()
    const allow: HTMLButtonElement = screen.getByRole('button', { name: '同意授权' })
    expect(allow.disabled).toBe(true)
    fireEvent.click(screen.getByLabelText('查账单并发起缴费'))
    fireEvent.change(screen.getByLabelText('授权多久'), { target: { value: '180' } })
    await waitFor(() => expect(allow.disabled).toBe(false))
    fireEvent.submit(screen.getByRole('form', { name: '滨海银行' }))
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]?.body).toMatchObject({
      applicationId: BANK,
      scopes: ['pay'],
      textVersion: '2026-11',
      expiresAt: expect.stringMatching(/^2027-05-20T/),
    })
    expect(await screen.findByText(/已授权，到/)).toBeTruthy()
  })

  it('shows by which agreement a bank brought it, and takes it back after one more question', async () => {
    grants = [GRANT]
    const own = await open()
    expect(own.getAttribute('aria-checked')).toBe('true')
    expect(screen.getByText(/XY20261122001/)).toBeTruthy()
    fireEvent.click(own)
    fireEvent.click(await screen.findByRole('button', { name: '撤回' }))
    await waitFor(() => expect(sent[0]?.path).toMatch(/application-grants\/.+\/withdrawal$/))
    expect(await screen.findByText('未授权，它不能查询您的任何信息。')).toBeTruthy()
  })
})
