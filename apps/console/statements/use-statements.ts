import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import type { BusinessDate } from '../../../kernel/time.ts'
import { api } from '../api.ts'
import { announce } from '../shell/announce.ts'
import { useStaff } from '../shell/staff.ts'
import type { FileStatus } from './model.ts'
import { useStatementWords } from './words.ts'

const REFRESH_MS = 60_000

/** What is expected of the sources that send files, and how far it is. */
export function useArrivals(from: BusinessDate, to: BusinessDate) {
  const { hospitalId } = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/statement-arrivals',
    { params: { path: { hospitalId }, query: { from, to } } },
    { refetchInterval: REFRESH_MS },
  )
}

export function useSchedules() {
  const { hospitalId } = useStaff()
  return api.query.useQuery('get', '/v1/hospitals/{hospitalId}/statement-schedules', {
    params: { path: { hospitalId } },
  })
}

export function useSaveSchedule(onDone: () => void) {
  const { t } = useStatementWords()
  const queryClient = useQueryClient()
  return api.query.useMutation('put', '/v1/hospitals/{hospitalId}/statement-schedules/{source}', {
    onSuccess: async () => {
      announce(t('schedules.saved'))
      onDone()
      await queryClient.invalidateQueries()
    },
  })
}

type FilesQuery = {
  source?: string
  date?: string
  status?: FileStatus
  before?: string
  limit: number
}

/** Files that came, the newest first. */
export function useFiles(query: FilesQuery) {
  const { hospitalId } = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/statement-files',
    { params: { path: { hospitalId }, query } },
    { refetchInterval: REFRESH_MS },
  )
}

export function useLayouts() {
  const { hospitalId } = useStaff()
  const { data } = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/statement-layouts', {
    params: { path: { hospitalId } },
  })
  return data?.items ?? []
}

/** A layout by its title in the language shown. */
export function useLayoutTitle(): (name: string) => string {
  const { i18n } = useTranslation()
  const layouts = useLayouts()
  return (name) => {
    const found = layouts.find((layout) => layout.name === name)
    if (!found) return name
    return i18n.language === 'en' ? found.titleEn : found.titleZh
  }
}
