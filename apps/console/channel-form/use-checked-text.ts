import { keepPreviousData } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { api } from '../api.ts'
import { useStaff } from '../shell/staff.ts'

const PAUSE_MS = 400

/** What is wrong with a text, asked for whenever its writer pauses; what is shown meanwhile is of the text before. */
export function useCheckedText(text: string) {
  const { hospitalId } = useStaff()
  const settled = useSettled(text)
  const { data, error, isFetching } = api.query.useQuery(
    'post',
    '/v1/hospitals/{hospitalId}/channel-drafts/check',
    { params: { path: { hospitalId } }, body: { descriptor: settled } },
    { placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY },
  )
  return {
    problems: data?.problems ?? [],
    error,
    isChecking: isFetching || settled !== text,
    isKnown: data !== undefined,
  }
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
