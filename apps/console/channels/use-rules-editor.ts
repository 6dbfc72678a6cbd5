import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { readFailure } from '../../web/problem.ts'
import { api } from '../api.ts'
import { announce } from '../shell/announce.ts'
import { useStaff } from '../shell/staff.ts'
import type { KeptRules, Rules } from './model.ts'

export type RulesEditor = ReturnType<typeof useRulesEditor>

type Edit = { base: KeptRules; rules: Rules }

/**
 * The rules on the screen: those that are kept until somebody changes one, and from then on the changed ones, whatever
 * others save meanwhile. `conflict`: the version that came in between; nothing is lost until the person says which to keep.
 */
export function useRulesEditor() {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const queryClient = useQueryClient()
  const params = { params: { path: { hospitalId } } }
  const path = '/v1/hospitals/{hospitalId}/channels/rules'
  const query = api.query.useQuery('get', path, params)
  const [edit, setEdit] = useState<Edit | null>(null)
  const [conflict, setConflict] = useState<KeptRules | null>(null)
  const mutation = api.query.useMutation('put', path, {
    onSuccess: (saved) => {
      queryClient.setQueryData(api.query.queryOptions('get', path, params).queryKey, saved)
      setEdit(null)
      announce(t('channels.rules.saved', { version: saved.version }))
    },
    onError: async (error) => {
      if (readFailure(error).code !== 'channels.rules_changed') return
      const { data } = await query.refetch()
      if (data) setConflict(data)
    },
  })
  const known = edit?.base ?? query.data
  const rules = edit?.rules ?? query.data?.rules
  const forget = () => {
    setEdit(null)
    setConflict(null)
    mutation.reset()
  }
  return {
    query,
    known,
    rules,
    conflict,
    isChanged: edit !== null,
    isSaving: mutation.isPending,
    error: mutation.error,
    change: (next: Rules) => {
      mutation.reset()
      if (known) setEdit(isSame(next, known.rules) ? null : { base: known, rules: next })
    },
    save: () => {
      if (!edit) return
      mutation.mutate({ ...params, body: { version: edit.base.version, rules: edit.rules } })
    },
    discard: forget,
    /** Goes on with the own ones, made now from the version that came in between. */
    keepOwn: (newest: KeptRules) => {
      setEdit(edit && { base: newest, rules: edit.rules })
      setConflict(null)
      mutation.reset()
    },
  }
}

const isSame = (a: Rules, b: Rules) => JSON.stringify(a) === JSON.stringify(b)
