import { Alert, Button, List, Text } from '@mantine/core';
import { describeError, ProblemError } from '../api/problem.ts';

/** Why a form was not taken. Somebody else's change is no mistake: it is said, and can be loaded. */
export function Refused({
  error,
  reload,
}: {
  readonly error: unknown;
  readonly reload?: () => unknown;
}) {
  if (error === undefined) return null;
  const stale = error instanceof ProblemError && error.reason === 'revision_stale';
  const { title, text } = stale
    ? {
        title: 'Somebody changed this meanwhile',
        text: 'Your input is still here. Load what is there now, compare, and save again.',
      }
    : describeError(error);
  const errors = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  return (
    <Alert
      color={stale ? 'yellow' : 'red'}
      title={title}
      role="alert"
      // Yellow has not the contrast that words need. WCAG 2.2 §1.4.3
      {...(stale && { styles: { label: { color: 'var(--mantine-color-text)' } } })}
    >
      <Text size="sm">{text}</Text>
      {errors.length > 0 && (
        <List size="sm" mt="xs">
          {errors.map(({ pointer, parameter, detail }) => (
            <List.Item key={`${pointer ?? parameter} ${detail}`}>
              {(pointer ?? parameter ?? '').replace(/^\//, '').replaceAll('/', ' › ')} {detail}
            </List.Item>
          ))}
        </List>
      )}
      {stale && reload !== undefined && (
        <Button mt="sm" size="xs" variant="default" onClick={() => reload()}>
          Load what is there now
        </Button>
      )}
    </Alert>
  );
}
