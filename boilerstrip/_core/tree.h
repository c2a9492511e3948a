/* As much of lxml's elements and of libxml2's nodes as the walk reads.

   Written down here instead of taken from their headers, so that the core is built without them and runs with every
   lxml of which these lines are true: the walk compares versions and sizes, and is proved on a small tree. */

#ifndef BOILERSTRIP_TREE_H
#define BOILERSTRIP_TREE_H

#include <Python.h>

typedef struct tree_node {
    void *of_application;
    int type;
    const char *name;
    struct tree_node *children;
    struct tree_node *last;
    struct tree_node *parent;
    struct tree_node *next;
    struct tree_node *previous;
    struct tree_node *document;
    void *name_space;
    const char *content;
    struct tree_node *properties; /* Attributes are nodes up to `name_space`. */
} tree_node;

typedef struct {
    PyObject_HEAD
    PyObject *document;
    tree_node *node;
    PyObject *tag;
} tree_element;

typedef PyObject *(*element_factory)(PyObject *document, tree_node *node);

#endif
