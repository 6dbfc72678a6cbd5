import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { announce } from '../shell/announce.ts'

const CLOSING = '/v1/hospitals/{hospitalId}/reconciliation/days/{date}/closing'

type DayPath = { hospitalId: number; date: string }

/** Closes a day with a note, where one is needed; or opens one that is locked again, with a reason. */
export function useClosing(path: DayPath, isLocked: boolean, onDone: () => void) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const done = (words: string) => async () => {
    announce(t(words))
    onDone()
    await queryClient.invalidateQueries()
  }
  const close = api.query.useMutation('post', CLOSING, { onSuccess: done('closing.closed') })
  const reopen = api.query.useMutation('post', `${CLOSING}/reopening`, {
    onSuccess: done('closing.opened'),
  })
  const run = (words: string) =>
    isLocked
      ? reopen.mutate({ params: { path }, body: { reason: words } })
      : close.mutate({ params: { path }, body: words === '' ? {} : { note: words } })
  const { error, isPending } = isLocked ? reopen : close
  return { run, error, isPending }
}
