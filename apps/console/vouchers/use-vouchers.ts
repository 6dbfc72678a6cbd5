import { api } from '../api.ts'
import { type Done, useChange } from '../shell/use-change.ts'
import type { Verdict } from '../terms/TermsDialog.tsx'
import type { NewLayout, NewTemplate, VoucherExport } from './model.ts'

/** Makes what of a date has no voucher yet; the same again changes nothing. */
export const useMakeVouchers = (hospitalId: number, done: Done) =>
  useChange<string>(async (date) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/accounting/days/{date}/vouchers',
      { params: { path: { hospitalId, date } } },
    )
    if (error) throw error
  }, done)

export type ExportWish = { layout: string; from: string; to: string; onlyUnacknowledged: boolean }

/** Records an export; the same vouchers again are the same export. `onMade` hears which it is. */
export const useExport = (
  hospitalId: number,
  done: Done,
  onMade: (made: VoucherExport) => Promise<void>,
) =>
  useChange<ExportWish>(async (body) => {
    const { data, error } = await api.client.POST('/v1/hospitals/{hospitalId}/accounting/exports', {
      params: { path: { hospitalId } },
      body,
    })
    if (error) throw error
    await onMade(data)
  }, done)

/** Where the file of an export lies: the same bytes each time. */
export const fileOf = (hospitalId: number, { id }: Pick<VoucherExport, 'id'>): string =>
  `/v1/hospitals/${hospitalId}/accounting/exports/${id}/file`

export const useAcknowledge = (hospitalId: number, voucherId: string, done: Done) =>
  useChange<string>(async (erpNo) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/accounting/acknowledgements',
      { params: { path: { hospitalId } }, body: { vouchers: [{ voucherId, erpNo }] } },
    )
    if (error) throw error
  }, done)

export const useProposeTerms = (hospitalId: number, done: Done) =>
  useChange<NewTemplate | NewLayout>(async (body) => {
    const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/accounting/terms', {
      params: { path: { hospitalId } },
      body,
    })
    if (error) throw error
  }, done)

export const useDecideTerms = (hospitalId: number, done: Done) =>
  useChange<Verdict>(async ({ id, ...body }) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/accounting/terms/{id}/decision',
      { params: { path: { hospitalId, id } }, body },
    )
    if (error) throw error
  }, done)
