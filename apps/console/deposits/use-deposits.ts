import { underKey } from '../../web/idempotency-key.ts'
import { api } from '../api.ts'
import { type Done, useChange } from '../shell/use-change.ts'

type Path = { hospitalId: number; id: string }

export type TopUp = { channel: string; channelNo: string; amountFen: number }

/** Told again under its number it is the same money, so a second press does no harm. */
export const useTopUp = (path: Path, done: Done) =>
  useChange<TopUp>(async (body) => {
    const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/deposits/{id}/top-ups', {
      params: { path },
      body,
    })
    if (error) throw error
  }, done)

/** Closes the account: what is left is listed to go back. */
export const useGiveBack = (path: Path, done: Done) =>
  useChange<void>(async () => {
    await underKey(`give-back:${path.id}`, async (key) => {
      const { error } = await api.client.POST(
        '/v1/hospitals/{hospitalId}/deposits/{id}/give-back',
        { params: { path, header: { 'Idempotency-Key': key } } },
      )
      if (error) throw error
    })
  }, done)

/** The number under which the channel gave it back. */
export const useGivenBack = (path: Path, done: Done) =>
  useChange<string>(async (channelNo) => {
    await underKey(`given-back:${path.id}:${channelNo}`, async (key) => {
      const { error } = await api.client.POST(
        '/v1/hospitals/{hospitalId}/deposit-give-backs/{id}/done',
        { params: { path, header: { 'Idempotency-Key': key } }, body: { channelNo } },
      )
      if (error) throw error
    })
  }, done)
