import { notifications } from '@mantine/notifications';
import { describeError } from '../api/problem.ts';

export const tell = (message: string): string =>
  notifications.show({ message, color: 'teal', withBorder: true });

export function tellError(error: unknown): void {
  const { title, text } = describeError(error);
  notifications.show({ title, message: text, color: 'red', withBorder: true, autoClose: 10_000 });
}
