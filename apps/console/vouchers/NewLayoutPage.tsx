import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api.ts'
import { SelectField } from '../channels/SelectField.tsx'
import { TextField } from '../channels/TextField.tsx'
import { oneOf } from '../search/params.ts'
import { may, useStaff } from '../shell/staff.ts'
import { ProposeForm, ProposeFrame } from '../terms/Propose.tsx'
import {
  type LayoutDraft,
  layoutDraftOf,
  type LayoutProblem,
  NAME_OF_SEPARATOR,
  readLayoutDraft,
} from './layout-draft.ts'
import type { Layout } from './model.ts'
import { useProposeTerms } from './use-vouchers.ts'
import { useVoucherWords } from './words.ts'

const route = getRouteApi('/office/vouchers/layouts/new')

/** A layout of the hospital's own, from a standard one or another of its own. */
export function NewLayoutPage() {
  const { t } = useVoucherWords()
  const staff = useStaff()
  const { from = 'u8' } = route.useSearch()
  const path = { hospitalId: staff.hospitalId }
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/accounting/terms', {
    params: { path, query: { kind: 'layout' } },
  })
  const standard = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/accounting/standard-terms',
    { params: { path } },
  )
  const error = list.error ?? standard.error
  const own = list.data?.items.find(({ id }) => id === from)
  const known =
    standard.data?.layouts.find(({ name }) => name === from) ?? standard.data?.layouts[0]
  const start = list.data && (own ?? known)
  return (
    <ProposeFrame
      title={t('layouts.propose')}
      hint={t('layouts.proposeHint')}
      back={{ to: '/vouchers/layouts', text: t('tabs.layouts') }}
      readOnly={may(staff, 'reconcile') ? null : t('readOnly')}
      query={{ error, refetch: list.refetch }}
    >
      {start ? <LayoutForm name={start.name} start={start.content as Layout} /> : null}
    </ProposeFrame>
  )
}

function LayoutForm({ name, start }: { name: string; start: Layout }) {
  const { t } = useVoucherWords()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const [draft, setDraft] = useState(() => layoutDraftOf(name, start))
  const [validFrom, setValidFrom] = useState('')
  const [problems, setProblems] = useState<readonly (LayoutProblem | 'validFrom')[]>([])
  const propose = useProposeTerms(hospitalId, {
    words: t('layouts.done'),
    onDone: () => void navigate({ to: '/vouchers/layouts', search: {} }),
  })
  const submit = () => {
    const read = readLayoutDraft(draft, start)
    setProblems([...(validFrom === '' ? ['validFrom' as const] : []), ...read.problems])
    if (read.layout && validFrom !== '') {
      propose.mutate({ kind: 'layout', validFrom, ...read.layout })
    }
  }
  const change = (changes: Partial<LayoutDraft>) => setDraft({ ...draft, ...changes })
  return (
    <ProposeForm
      problems={problems.map((field) => t(`layouts.problems.${field}`))}
      propose={propose}
      second={t('second')}
      button={t('layouts.propose')}
      onSubmit={submit}
    >
      <div className="field-row">
        <TextField
          label={t('layouts.fields.name')}
          value={draft.name}
          maxLength={30}
          isWrong={problems.includes('name')}
          hint={t('layouts.nameHint')}
          onChange={(typed) => change({ name: typed })}
        />
        <TextField
          label={t('templates.validFrom')}
          type="date"
          value={validFrom}
          isWrong={problems.includes('validFrom')}
          onChange={setValidFrom}
        />
      </div>
      <LayoutFields draft={draft} problems={problems} change={change} />
    </ProposeForm>
  )
}

const ENCODINGS: readonly Layout['encoding'][] = ['utf-8', 'utf-8-bom', 'gb18030']
const SEPARATORS: readonly Layout['separator'][] = [',', '\t', '|', ';']
const LINES = 22

type FieldsProps = {
  draft: LayoutDraft
  problems: readonly string[]
  change: (changes: Partial<LayoutDraft>) => void
}

function LayoutFields({ draft, problems, change }: FieldsProps) {
  const { t } = useVoucherWords()
  const check = (key: 'withTitles' | 'quoted' | 'budget') => (
    <label className="inline-field">
      <input
        type="checkbox"
        checked={draft[key]}
        onChange={({ target }) => change({ [key]: target.checked })}
      />
      {t(`layouts.fields.${key}`)}
    </label>
  )
  const lines = (key: 'head' | 'columns', rows: number) => (
    <div className="field">
      <label htmlFor={`layout-${key}`}>{t(`layouts.fields.${key}`)}</label>
      <textarea
        id={`layout-${key}`}
        rows={rows}
        spellCheck={false}
        value={draft[key]}
        aria-invalid={problems.includes(key)}
        aria-describedby={`layout-${key}-hint`}
        onChange={({ target }) => change({ [key]: target.value })}
      />
      <span id={`layout-${key}-hint`} className="fine">
        {t(`layouts.hints.${key}`)}
      </span>
    </div>
  )
  return (
    <>
      <div className="field-row">
        <SelectField
          label={t('layouts.fields.encoding')}
          value={draft.encoding}
          options={ENCODINGS.map((value) => ({ value, label: value }))}
          onChange={(value) => change({ encoding: oneOf(ENCODINGS, value) ?? draft.encoding })}
        />
        <SelectField
          label={t('layouts.fields.separator')}
          value={draft.separator}
          options={SEPARATORS.map((value) => ({
            value,
            label: t(`layouts.separators.${NAME_OF_SEPARATOR[value]}`),
          }))}
          onChange={(value) => change({ separator: oneOf(SEPARATORS, value) ?? draft.separator })}
        />
        <TextField
          label={t('layouts.fields.fileName')}
          value={draft.fileName}
          maxLength={80}
          isWrong={problems.includes('fileName')}
          onChange={(fileName) => change({ fileName })}
        />
      </div>
      <div className="voucher-checks">
        {check('withTitles')}
        {check('quoted')}
        {check('budget')}
      </div>
      {lines('head', 2)}
      {lines('columns', LINES)}
    </>
  )
}
