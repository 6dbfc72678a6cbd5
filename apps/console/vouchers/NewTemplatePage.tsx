import { getRouteApi, Link } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { type FormEvent, useState } from 'react'

import { api } from '../api.ts'
import { TextField } from '../channels/TextField.tsx'
import { today } from '../clock.ts'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { inForceOf } from '../terms/model.ts'
import type { Template } from './model.ts'
import { type SubjectDraft, subjectDraftsOf, withSubjects } from './template-draft.ts'
import { useProposeTerms } from './use-vouchers.ts'
import { useVoucherWords } from './words.ts'

const route = getRouteApi('/office/vouchers/templates/new')

/** Another template, from the one in force: under the hospital's own subjects, or changed whole as data. */
export function NewTemplatePage() {
  const { t } = useVoucherWords()
  const staff = useStaff()
  const { from } = route.useSearch()
  const path = { hospitalId: staff.hospitalId }
  usePageTitle(t('templates.propose'))
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/accounting/terms', {
    params: { path, query: { kind: 'template' } },
  })
  const standard = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/accounting/standard-terms',
    { params: { path } },
  )
  const error = list.error ?? standard.error
  const rows = list.data?.items
  const chosen =
    rows?.find(({ id }) => id === from) ?? (rows?.[0] && inForceOf(rows[0].name, rows, today()))
  const start =
    rows && standard.data && ((chosen?.content as Template | undefined) ?? standard.data.template)
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/vouchers/templates">{t('tabs.templates')}</Link> <Icon name="right" />
      </p>
      <header className="page-head">
        <h1>{t('templates.propose')}</h1>
      </header>
      <p className="fine">{t('templates.proposeHint')}</p>
      {error !== null && <Fault error={error} onRetry={() => void list.refetch()} />}
      {!may(staff, 'reconcile') ? (
        <p className="notice-held">{t('readOnly')}</p>
      ) : start ? (
        <ProposeForm start={start} />
      ) : (
        error === null && <Skeleton active paragraph={{ rows: 8 }} />
      )}
    </div>
  )
}

function ProposeForm({ start }: { start: Template }) {
  const { t } = useVoucherWords()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const [validFrom, setValidFrom] = useState('')
  const [subjects, setSubjects] = useState(() => subjectDraftsOf(start))
  const [data, setData] = useState<string | null>(null)
  const [problem, setProblem] = useState<'validFrom' | 'subjects' | 'data' | null>(null)
  const propose = useProposeTerms(hospitalId, {
    words: t('templates.done'),
    onDone: () => void navigate({ to: '/vouchers/templates', search: {} }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    propose.reset()
    const content = data === null ? withSubjects(start, subjects) : readData(data)
    const wrong = data === null ? 'subjects' : 'data'
    setProblem(validFrom === '' ? 'validFrom' : content === null ? wrong : null)
    if (validFrom !== '' && content) propose.mutate({ kind: 'template', validFrom, content })
  }
  return (
    <form className="card channel-form propose-form" onSubmit={submit} noValidate>
      <TextField
        label={t('templates.validFrom')}
        type="date"
        value={validFrom}
        isWrong={problem === 'validFrom'}
        onChange={setValidFrom}
      />
      {data === null ? (
        <SubjectTable subjects={subjects} onChange={setSubjects} />
      ) : (
        <DataField value={data} isWrong={problem === 'data'} onChange={setData} />
      )}
      {problem && (
        <p className="form-problems" role="alert">
          {t(`templates.problems.${problem}`)}
        </p>
      )}
      {propose.error !== null && <Fault error={propose.error} />}
      <p className="fine">{t('second')}</p>
      <span className="bank-acts">
        <Button type="primary" htmlType="submit" loading={propose.isPending}>
          {t('templates.propose')}
        </Button>
        <Button
          onClick={() =>
            setData(
              data === null
                ? JSON.stringify(withSubjects(start, subjects) ?? start, null, 2)
                : null,
            )
          }
        >
          {t(data === null ? 'templates.asData' : 'templates.asTable')}
        </Button>
      </span>
    </form>
  )
}

/** What it says is for the hub to check; here only that it is data at all. */
function readData(typed: string): Template | null {
  try {
    const read: unknown = JSON.parse(typed)
    return typeof read === 'object' && read !== null ? (read as Template) : null
  } catch {
    return null
  }
}

type SubjectTableProps = {
  subjects: readonly SubjectDraft[]
  onChange: (subjects: SubjectDraft[]) => void
}

function SubjectTable({ subjects, onChange }: SubjectTableProps) {
  const { t } = useVoucherWords()
  const set = (was: string, changes: Partial<SubjectDraft>) =>
    onChange(subjects.map((one) => (one.was === was ? { ...one, ...changes } : one)))
  return (
    <div className="table-frame">
      <table className="data-table subject-table">
        <caption className="visually-hidden">{t('templates.subjects')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('templates.was')}</th>
            <th scope="col">{t('templates.code')}</th>
            <th scope="col">{t('templates.name')}</th>
          </tr>
        </thead>
        <tbody>
          {subjects.map(({ was, code, name }) => (
            <tr key={was}>
              <th scope="row">
                <code>{was}</code>
              </th>
              <td>
                <input
                  value={code}
                  maxLength={30}
                  aria-label={t('templates.codeOf', { subject: was })}
                  onChange={({ target }) => set(was, { code: target.value })}
                />
              </td>
              <td>
                <input
                  value={name}
                  maxLength={60}
                  aria-label={t('templates.nameOf', { subject: was })}
                  onChange={({ target }) => set(was, { name: target.value })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const LINES = 24

type DataFieldProps = { value: string; isWrong: boolean; onChange: (value: string) => void }

function DataField({ value, isWrong, onChange }: DataFieldProps) {
  const { t } = useVoucherWords()
  return (
    <div className="field">
      <label htmlFor="template-data">{t('templates.data')}</label>
      <textarea
        id="template-data"
        rows={LINES}
        spellCheck={false}
        value={value}
        aria-invalid={isWrong}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  )
}
