import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { api } from '../api.ts'
import { SelectField } from '../channels/SelectField.tsx'
import { TextField } from '../channels/TextField.tsx'
import { oneOf } from '../search/params.ts'
import { may, useStaff } from '../shell/staff.ts'
import { ProposeForm, ProposeFrame } from '../terms/Propose.tsx'
import { type Draft, draftOf, EMPTY_DRAFT, type Problem, readDraft } from './draft.ts'
import { PROGRAMME_KINDS } from './model.ts'
import { type Change, TermsFields } from './TermsFields.tsx'
import { useProposeProgramme } from './use-benefits.ts'
import { useBenefitWords } from './words.ts'

const route = getRouteApi('/office/benefits/new')

/** A programme to be proposed, from nothing or from another's terms: those that run are never changed. */
export function ProposePage() {
  const { t } = useBenefitWords()
  const staff = useStaff()
  const { from } = route.useSearch()
  const path = { hospitalId: staff.hospitalId, id: from ?? '' }
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/benefit-programmes/{id}',
    { params: { path } },
    { enabled: from !== undefined },
  )
  const start = from === undefined ? EMPTY_DRAFT : data && draftOf(data)
  return (
    <ProposeFrame
      title={t('propose.title')}
      hint={t(from === undefined ? 'propose.hint' : 'propose.changeHint')}
      back={{ to: '/benefits', text: t('programmes.title') }}
      readOnly={may(staff, 'grantBenefits') ? null : t('readOnly')}
      query={{ error, refetch }}
    >
      {start ? <ProgrammeForm key={from ?? ''} start={start} /> : null}
    </ProposeFrame>
  )
}

function ProgrammeForm({ start }: { start: Draft }) {
  const { t } = useBenefitWords()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const done = { words: t('propose.done'), onDone: () => void navigate({ to: '/benefits' }) }
  const propose = useProposeProgramme(hospitalId, done)
  const change: Change = (changes) => setDraft({ ...draft, ...changes })
  const submit = () => {
    const read = readDraft(draft)
    setProblems(read.problems)
    if (read.programme) propose.mutate(read.programme)
  }
  return (
    <ProposeForm
      problems={problems.map((field) => t(`propose.problems.${field}`))}
      propose={propose}
      second={t('propose.second')}
      button={t('programmes.propose')}
      onSubmit={submit}
    >
      <SelectField
        label={t('programmes.kind')}
        value={draft.kind}
        options={PROGRAMME_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        onChange={(value) => change({ kind: oneOf(PROGRAMME_KINDS, value) ?? draft.kind })}
      />
      <CommonFields draft={draft} change={change} problems={problems} />
      <TermsFields draft={draft} change={change} problems={problems} />
    </ProposeForm>
  )
}

type FieldsProps = { draft: Draft; change: Change; problems: readonly Problem[] }

function CommonFields({ draft, change, problems }: FieldsProps) {
  const { t } = useBenefitWords()
  const field = (
    key: 'nameZh' | 'nameEn' | 'funderCode' | 'funderName' | 'startsOn' | 'endsOn',
    { most = 60, type = 'text' as 'text' | 'date' } = {},
  ) => (
    <TextField
      label={t(`propose.fields.${key}`)}
      value={draft[key]}
      type={type}
      maxLength={most}
      isWrong={problems.includes(key)}
      onChange={(value) => change({ [key]: value })}
    />
  )
  return (
    <>
      <div className="field-row">
        {field('nameZh')}
        {field('nameEn')}
      </div>
      <div className="field-row">
        <SelectField
          label={t('propose.fields.funderKind')}
          value={draft.funderKind}
          options={(['hospital', 'region'] as const).map((value) => ({
            value,
            label: t(`propose.funders.${value}`),
          }))}
          onChange={(value) => change({ funderKind: value === 'region' ? 'region' : 'hospital' })}
        />
        {field('funderName')}
        {field('funderCode', { most: 30 })}
      </div>
      <div className="field-row">
        {field('startsOn', { type: 'date' })}
        {field('endsOn', { type: 'date' })}
      </div>
    </>
  )
}
