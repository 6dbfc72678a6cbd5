import { StatusChip } from '../list/StatusChip.tsx'
import type { DescriptorProblem } from './form-context.ts'
import { useBilingual, useFormWords } from './words.ts'

type ProblemListProps = {
  problems: readonly DescriptorProblem[]
  isChecking: boolean
  isKnown: boolean
  /** Leads to the field of a problem; undefined while there is no form. */
  onShow: ((problem: DescriptorProblem) => void) | undefined
}

/** All that is wrong at one look, each with its place. */
export function ProblemList({ problems, isChecking, isKnown, onShow }: ProblemListProps) {
  const { t } = useFormWords()
  const say = useBilingual()
  return (
    <section className="problem-list" aria-live="polite" aria-busy={isChecking}>
      {!isKnown && <StatusChip tone="plain" icon="clock" text={t('form.checking')} />}
      {isKnown && problems.length === 0 && (
        <StatusChip tone="good" icon="check" text={t('form.noProblems')} />
      )}
      {problems.length > 0 && (
        <details open>
          <summary>
            <StatusChip
              tone="bad"
              icon="alert"
              text={t('form.problems', { count: problems.length })}
            />
          </summary>
          <ul>
            {problems.map((problem) => (
              <li key={`${problem.pointer} ${problem.code} ${problem.en}`}>
                {onShow ? (
                  <button type="button" className="as-link" onClick={() => onShow(problem)}>
                    <code>{problem.pointer || t('form.whole')}</code>
                  </button>
                ) : (
                  <code>{problem.pointer || t('form.whole')}</code>
                )}
                <span>{say(problem)}</span>
                {problem.line !== null && (
                  <span className="fine">{t('form.line', { line: problem.line })}</span>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
