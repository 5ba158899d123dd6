import { Card, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

/** One step; its name is read out when it begins. */
export function Step({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="step">
      <Stack>
        <div>
          <Title
            order={2}
            size="h3"
            id="step"
            ref={heading}
            tabIndex={-1}
            style={{ outline: 'none' }}
          >
            {title}
          </Title>
          <Text size="sm" c="dimmed" mt={4}>
            {text}
          </Text>
        </div>
        {children}
      </Stack>
    </Card>
  );
}
