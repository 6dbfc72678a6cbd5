import { keepPreviousData, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'

/** As often as the hub's processes tell each other how channels fare. */
export const REFRESH_MS = 10_000

/** Every channel of the hospital, and how each fares now. */
export function useChannels() {
  const { hospitalId } = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/channels',
    { params: { path: { hospitalId } } },
    { refetchInterval: REFRESH_MS },
  )
}

const MOST_ALERTS = 200

export function useOpenAlerts() {
  const { hospitalId } = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/channels/alerts',
    { params: { path: { hospitalId }, query: { state: 'open', limit: MOST_ALERTS } } },
    { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData },
  )
}

/** What the hospital calls a channel, in the language of the page; one that is not registered by its provider's name. */
export function useChannelName(): (name: string) => string {
  const { i18n } = useTranslation()
  const { data } = useChannels()
  const providerName = useProviderName()
  return (name) => {
    const title = data?.items.find((channel) => channel.name === name)?.title
    return title ? (i18n.language === 'en' ? title.en : title.zh) : providerName(name)
  }
}

/** Codes of departments in words, as far as the hospital's own system tells them. */
export function useDepartments() {
  const { hospitalId } = useStaff()
  const query = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/departments',
    { params: { path: { hospitalId } } },
    { staleTime: Infinity },
  )
  const departments = query.data?.items ?? []
  const nameOf = (code: string) =>
    departments.find((department) => department.code === code)?.name ?? code
  return { query, departments, nameOf }
}

/** After a change: everything that may show it is asked for again. */
export function useRefresh(): () => Promise<void> {
  const queryClient = useQueryClient()
  return () => queryClient.invalidateQueries()
}
